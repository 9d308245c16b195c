/** A rating on its way to the province: what is kept of it, and what can be done to it. */

export const reportStates = ['waiting', 'reason-pending', 'reported', 'refused', 'refused-duplicate'] as const
export type ReportState = (typeof reportStates)[number]

/** A rating by its place in its device's chain. */
export interface ReportKey {
  deviceId: string
  epoch: number
  sequence: number
}

/** `DEVICE/EPOCH/SEQUENCE` */
export const reportName = ({ deviceId, epoch, sequence }: ReportKey): string =>
  `${deviceId}/${epoch}/${sequence}`

export interface ReportRow extends ReportKey {
  caseNo: string
  serviceNumber: number
  assessNumber: number
  state: ReportState
  /** The province's own words, or why it is tried again; null while there is nothing to tell. */
  reason: string | null
  /** How often the rating itself was sent. */
  attempts: number
  /** Since when it has been sent without an answer that tells its outcome; null when nothing is open. */
  firstTriedAt: number | null
  serviceReportedAt: number | null
  /** 1: the service was told without the case system, with the time of asking as that of its acceptance. */
  acceptanceAssumed: number
  notBefore: number
  settledAt: number | null
  receivedAt: number
}

/** What the hall's call back brought for a bad rating that had neither label nor words. */
export interface CompletedReason {
  labels: string[]
  /** Typed by staff of the hall; told to the province and to nobody else. */
  words: string | null
}

/** Which values the province tells two ratings apart by. */
export interface ProvinceKey {
  caseNo: string
  serviceNumber: number | null
  assessNumber: number
}

export interface Claimer {
  /** Fresh for each claim, in `claimed_by`: whoever has lost its lease cannot pass for the one that has it now. */
  by: string
  at: number
  leaseMs: number
}

export interface ProvinceQueue {
  /**
   * Takes up to `limit` waiting rows for one instance, oldest first. A row is nobody else's until its lease ends.
   * Of one case only the first is given: what came later, and a follow-up whose first rating is not settled, waits.
   */
  claim(claimer: Claimer, limit: number): Promise<ReportRow[]>
  /** One, of those that may go now, that was never put off; else the one that was tried the longest ago. */
  claimProbe(claimer: Claimer): Promise<ReportRow[]>
  /**
   * Notes durably that the rating is now being sent, with a new lease. false: the lease was lost, so that it must
   * not be sent.
   * @param service its service record has just been taken; null when that was known already
   */
  beginAttempt(key: ReportKey, claimer: Claimer, service: TakenService | null): Promise<boolean>
  /** The outcome, and the row is nobody's again. false: another instance has claimed or settled it meanwhile. */
  settle(key: ReportKey, by: string, outcome: Settlement): Promise<boolean>
  /** Not now. */
  postpone(key: ReportKey, by: string, postponement: Postponement): Promise<boolean>
  /** Another rating with this key has been reported by this hall. */
  isTaken(province: ProvinceKey, except: ReportKey): Promise<boolean>

  /** The event's canonical text. */
  ratingText(key: ReportKey): Promise<string | null>
  reasonOf(key: ReportKey): Promise<CompletedReason | null>
  /** false: the row does not wait for its reason, or is not there. It waits for its turn from then on. */
  completeReason(key: ReportKey, reason: CompletedReason, at: number): Promise<boolean>
  /** A refused one, after mending. false: it is not a refused one. */
  sendAgain(key: ReportKey, at: number): Promise<boolean>

  row(key: ReportKey): Promise<ReportRow | null>
  /** The one of its case that has to be settled first; null when it is its turn. */
  behind(row: ReportRow): Promise<ReportRow | null>
  /** In the order in which they came, `after` excluded. */
  rows(state: ReportState | null, after: ReportRow | null, limit: number): Promise<ReportRow[]>
  /** All of these cases' first service, by case, first ratings before follow-ups. */
  ofCases(caseNos: readonly string[]): Promise<ReportRow[]>
  counts(): Promise<Record<ReportState, number>>
  /** When the next row that waits for a later time may be tried; null when none does. */
  nextAfter(at: number): Promise<number | null>

  /** The province has asked this hall to wait: until then none of its instances sends anything. */
  rest(until: number, at: number): Promise<void>
  /** Milliseconds for which nothing is to be sent; 0 when it may. */
  restMs(at: number): Promise<number>
}

export interface TakenService {
  acceptanceAssumed: boolean
}

export interface Settlement {
  /** `reason-pending`: the province wants a reason where the device wanted none. */
  state: 'reported' | 'refused' | 'refused-duplicate' | 'reason-pending'
  reason: string | null
  /** Since when an earlier try's outcome is open: what it may have left there is ours, whatever was said since. */
  firstTriedAt: number | null
  at: number
}

export interface Postponement {
  notBefore: number
  reason: string | null
  /** Since when a try's outcome is open, where the answer has closed the last one; undefined leaves it as it is. */
  firstTriedAt: number | null | undefined
  /** The province has no service record of it (any more). */
  serviceMissing: boolean
}
