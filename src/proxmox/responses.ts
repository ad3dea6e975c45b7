import { type ErrorCode, NciError } from '../core/errors.ts'

/** An answer of the API that is no success. */
export interface FailedResponse {
  /** What was asked for, to follow "Proxmox could not": `start the VM 101`. */
  readonly request: string
  readonly endpoint: string
  readonly user: string
  /** The node that was to answer, where the path names one. */
  readonly node?: string
  readonly status: number
  /** The reason phrase: Proxmox puts its message there. */
  readonly reason: string
  /** `errors` of the body: what is wrong with each parameter. */
  readonly parameters: Readonly<Record<string, string>>
}

/** The error that an answer means. Texts are those of Proxmox 8.4 and 9.2. */
export function responseError(response: FailedResponse): NciError {
  const { request, endpoint, user, status } = response
  const reason = sentence(response.reason)
  const parameters = Object.entries(response.parameters)
    .map(([name, text]) => `${name} (${sentence(text)})`)
    .join(', ')
  const details = { request, endpoint, status, reason }
  if (status === 401) return new NciError('PVE_AUTH_FAILED', { ...details, user })
  if (status === 403) {
    const [, path, privilege] = /\(([^,()]+), ([^()]+)\)/.exec(reason) ?? []
    return new NciError('PVE_FORBIDDEN', { ...details, path, privilege })
  }
  if (status === 400) {
    return new NciError('PVE_PARAMETER', {
      ...details,
      reason: parameters || reason,
      parameters: parameters || reason,
      errors: response.parameters,
    })
  }
  const vmid = /\b(?:VM|qemu-server\/)\s?(\d+)/.exec(reason)?.[1] ?? /VM (\d+)/.exec(request)?.[1] ?? ''
  if (/Configuration file .* does not exist/.test(reason)) {
    return new NciError('PVE_VM_NOT_FOUND', { ...details, vm: vmid })
  }
  if (/VM (\d+ )?is locked \((.*)\)/.test(reason)) {
    return new NciError('PVE_VM_LOCKED', {
      ...details,
      vmid,
      lock: /locked \((.*)\)/.exec(reason)?.[1] ?? '',
    })
  }
  if (/protection mode enabled/.test(reason)) return new NciError('PVE_VM_PROTECTED', { ...details, vmid })
  if (status >= 595 && status <= 599) {
    return new NciError('PVE_NODE_OFFLINE', { ...details, node: response.node ?? 'that has it' })
  }
  return new NciError('PVE_REQUEST_FAILED', details)
}

/** Whether a create was refused because its id is taken: somebody else was quicker. */
export function isVmidTaken(error: unknown): boolean {
  return (
    hasReason(error, 'PVE_REQUEST_FAILED') &&
    /(VM|CT) \d+ already exists|config file already exists/.test(String(error.details.reason))
  )
}

function hasReason(error: unknown, code: ErrorCode): error is NciError {
  return error instanceof NciError && error.code === code
}

/** A reason as part of a sentence: no trailing dot, no place in Perl code. */
function sentence(text: string): string {
  return text
    .replace(/ at \/\S+ line \d+\.?/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.!]$/, '')
}
