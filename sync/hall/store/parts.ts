/** The parts of the store that are written once over any SQL database, and the migrations of all of them. */
import type { StoreError } from '../../sqlite.ts'
import { chainReads } from './chain-reads.ts'
import { demoHall, demoMigrations } from './demo-hall.ts'
import { devicePart } from './devices.ts'
import { documentHandles, documentMigrations } from './document-handles.ts'
import { evaluationMigrations, evaluationPart } from './evaluations.ts'
import { onceMigrations, oncePart } from './once.ts'
import { provinceMigrations, provinceQueue } from './province-queue.ts'
import { coreMigrations, type HallMigration } from './schema.ts'
import { sealedRequestMigrations, sealedRequests } from './sealed-requests.ts'
import { sealingKidMigrations, sealingKids } from './sealing-kids.ts'
import type { EngineSql } from './sql.ts'
import { statusPart } from './statuses.ts'
import type { Store } from './store.ts'
import { batchPart } from './store-batch.ts'
import { technicianCodeMigrations, technicianCodes } from './technician-codes.ts'
import { tokenMigrations, tokenPart } from './tokens.ts'

/** One line for each part that has tables of its own; the order is the one they are made in. */
export const hallMigrations: readonly HallMigration[] = [
  ...coreMigrations,
  ...sealingKidMigrations,
  ...tokenMigrations,
  ...provinceMigrations,
  ...documentMigrations,
  ...sealedRequestMigrations,
  ...demoMigrations,
  ...onceMigrations,
  ...evaluationMigrations,
  ...technicianCodeMigrations,
]

/** Of a database that finds its own way back. */
const NEVER = new Promise<never>(() => {})

/** @param close of the connection or connections under `sql` */
export function storeOver(
  sql: EngineSql,
  close: () => Promise<void>,
  failed: Promise<StoreError> = NEVER,
): Store {
  return {
    ...devicePart(sql),
    ...batchPart(sql),
    ...chainReads(sql),
    ...statusPart(sql),
    ...oncePart(sql),
    sealingKids: sealingKids(sql),
    tokens: tokenPart(sql),
    technicianCodes: technicianCodes(sql),
    province: provinceQueue(sql),
    documents: documentHandles(sql),
    sealed: sealedRequests(sql),
    evaluations: evaluationPart(sql),
    demo: demoHall(sql),
    failed,
    close,
  }
}
