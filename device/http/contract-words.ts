/**
 * The words of the contract: what a page says as its slips say it. They stand apart from `contract.ts`, for of that
 * a page takes types alone, and never its schemas.
 */
export { groundWords, reasonWords } from '../../sync/protocol/feedback-words.ts'
