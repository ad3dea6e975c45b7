import { connectionCases } from './cases/connection.ts'
import { testErrors } from './error-cases.ts'

testErrors(connectionCases)
