import { inputCases } from './cases/input.ts'
import { testErrors } from './error-cases.ts'

testErrors(inputCases)
