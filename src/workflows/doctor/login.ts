import { type Check, ok } from './check.ts'

/** Whether the server knows the user or token. @param certificates the checks of which one has to be good */
export const loginCheck = (certificates: readonly string[]): Check => ({
  id: 'login',
  title: 'Login',
  needsAny: certificates,
  async examine(patient) {
    await patient.version()
    const { user, token } = await patient.identity()
    return ok(token === undefined ? `As the user ${user}.` : `With the API token ${token}.`, {
      details: { user, ...(token === undefined ? {} : { token }) },
    })
  },
})
