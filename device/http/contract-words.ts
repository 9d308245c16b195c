/**
 * The words of the contract: what a page says as its slips say it. They stand apart from `contract.ts`, for of that
 * a page takes types alone, and never its schemas.
 */
export { groundWords, reasonWords } from '../../sync/protocol/feedback-words.ts'
export { checkLineInWords } from '../health/check-words.ts'
export { faultInWords, healthWords } from '../health/words.ts'
export { inWords, stepInWords, testWords } from '../technician/peripherals/words.ts'
