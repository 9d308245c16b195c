/**
 * A hall's store in a process of its own, whose disk the test lets fail: told `store` it stores so many batches of one
 * chain, and says how each ended; told `close` it closes, and ends as any process does.
 */
import { openSqliteStore } from '../../../../sync/hall/store/sqlite.ts'
import { StoreError } from '../../../../sync/sqlite.ts'
import { batch, chain } from './store-values.ts'

export interface WorkerTold {
  opened?: string
  /** How each batch ended, in order: `stored`, `duplicate` or the code of what was refused. */
  batches?: string[]
  /** Whether the store has said by itself that it is at its end. */
  failed?: boolean
  closed?: string
}

export const BATCH_EVENTS = 100
/** So that a few batches fill what is checkpointed at once. */
const TEXT_LENGTH = 4_000

export const eventsOf = (batches: number) =>
  chain(batches * BATCH_EVENTS).map((event) => ({ ...event, text: event.text.padEnd(TEXT_LENGTH, 'x') }))

const codeOf = (error: unknown): string => (error instanceof StoreError ? error.code : String(error))
const tell = (told: WorkerTold): void => void process.send?.(told)

async function work(path: string): Promise<void> {
  const store = openSqliteStore(path)
  let failed = false
  store.failed.then(() => {
    failed = true
  })
  tell({ opened: 'yes' })
  process.on('message', async (asked: { store?: { from: number; to: number }; close?: true }) => {
    if (asked.store !== undefined) {
      const batches: string[] = []
      const events = eventsOf(asked.store.to)
      for (let at = asked.store.from; at < asked.store.to; at += 1) {
        const sent = batch(events.slice(at * BATCH_EVENTS, (at + 1) * BATCH_EVENTS))
        const ended = await store.storeBatch(sent).then((outcome) => {
          if (outcome.outcome !== 'stored') return outcome.outcome
          return outcome.duplicate > 0 ? 'duplicate' : 'stored'
        }, codeOf)
        batches.push(ended)
      }
      tell({ batches, failed })
    } else {
      tell({ closed: await store.close().then(() => 'yes', codeOf) })
      process.disconnect()
    }
  })
}

if (import.meta.main)
  await work(process.argv[2] ?? '').catch((error: unknown) => {
    tell({ opened: codeOf(error) })
    process.disconnect()
  })
