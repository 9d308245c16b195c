/** How asking an outside system can end without what was asked for. Nothing in here names anybody. */

/** It did not answer, not in time, or not by its contract; `detail` is for technicians. */
export interface Unavailable {
  outcome: 'unavailable'
  detail: string
  /**
   * It surely did nothing: it was not asked at all, or declined before acting. Without it nobody knows: whatever was
   * asked may have been done, its answer lost.
   */
  notAsked?: true
}

/** It says no; `words` are for the citizen, `code` for machines. */
export interface Refused {
  outcome: 'refused'
  code: string
  words: string
}

export interface NotFound {
  outcome: 'not-found'
}

/** A paper's bytes, not yet checked: size, kind and pages are for the hall to judge. */
export type DocumentFetched =
  | { outcome: 'found'; pdf: Uint8Array }
  /** Larger than any device takes; asking again changes nothing. */
  | { outcome: 'too-large' }
  | NotFound
  | Unavailable

/** For an operation that knows no refusal: what is neither its answer nor silence is no answer either. */
export function noAnswer(answer: NotFound | Refused | Unavailable): Unavailable {
  return answer.outcome === 'unavailable'
    ? answer
    : { outcome: 'unavailable', detail: `it answers ${answer.outcome} where its contract knows no refusal` }
}
