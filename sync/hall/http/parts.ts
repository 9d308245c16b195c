/** What the routes work with. */
import type { Logger } from 'pino'
import type { SigningKey } from '../../protocol/keys.ts'
import type { QueueNotice } from '../../protocol/queue.ts'
import type { CaseSystem } from '../case-system/case-system.ts'
import type { HallConfiguration } from '../configuration.ts'
import type { HallContent } from '../content/content.ts'
import type { ProofIssuer } from '../proofs/proof-issuer.ts'
import type { ProvinceReporter } from '../province/reporter.ts'
import type { QueueSystem } from '../queue/queue-system.ts'
import type { SealingKeys } from '../sealing-keys.ts'
import type { Store } from '../store/store.ts'
import type { RequestLimits } from './limits.ts'

export interface HallParts {
  store: Store
  /** As it is now: it may change while the server runs. */
  readonly content: HallContent
  /** Null: this hall has no case system connected. */
  caseSystem: CaseSystem | null
  /** Null: nobody issues proofs here. */
  proofs: ProofIssuer | null
  /** Null: this hall has no queue system connected. */
  queue: QueueSystem | null
  /** What the windows serve, for a line that opens; null without a queue. */
  queueServing: () => QueueNotice | null
  /** As they are now. */
  readonly sealingKeys: SealingKeys
  /** What devices verify this hall's files for technicians with; null where it has none. */
  readonly technicianKey: SigningKey | null
  readonly configuration: HallConfiguration
  readonly limits: RequestLimits
  /** Null: this hall reports to no province, and its ratings wait. */
  readonly province: ProvinceReporter | null
  clock: () => Date
  logger: Logger
  /** Resolves when codes that were just made are in the store. */
  codesStored: () => Promise<void>
}
