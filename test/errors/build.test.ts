import { buildCases } from './cases/build.ts'
import { testErrors } from './error-cases.ts'

testErrors(buildCases)
