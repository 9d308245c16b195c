/** What the routes work with. */
import type { Logger } from 'pino'
import type { CaseSystem } from '../case-system/case-system.ts'
import type { HallContent } from '../content/content.ts'
import type { SealingKeys } from '../sealing-keys.ts'
import type { Store } from '../store/store.ts'

export interface HallParts {
  store: Store
  content: HallContent
  /** Null: this hall has no case system connected. */
  caseSystem: CaseSystem | null
  sealingKeys: SealingKeys
  clock: () => Date
  logger: Logger
  /** Resolves when codes that were just made are in the store. */
  codesStored: () => Promise<void>
}
