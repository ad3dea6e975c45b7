import { sshCases } from './cases/ssh.ts'
import { testErrors } from './error-cases.ts'

testErrors(sshCases)
