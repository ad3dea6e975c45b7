import { installCases } from './cases/install.ts'
import { testErrors } from './error-cases.ts'

testErrors(installCases)
