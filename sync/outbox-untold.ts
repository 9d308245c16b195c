/** Facts of the device's own storage that are found before its chain is open: told as soon as it may append. */
import type { EventData } from './protocol/events.ts'
import type { Db } from './sqlite.ts'

export type StorageFact = Extract<EventData<'system'>, { fact: 'storage' }>

/** A start that is cut off tells the same once more: so far back it is looked for what was told already. */
const LOOKED_BACK_EVENTS = 200

/** To be told in the chain by the next opening of the outbox; once, however often the same is left. */
export function leaveUntold(db: Db, fact: StorageFact): void {
  const { problem, since } = fact
  const told = db.prepare<[number, string], number>(
    `SELECT 1 FROM (SELECT text FROM outbox_events ORDER BY place DESC LIMIT ?) WHERE instr(text, ?) > 0`,
  )
  // As canonical JSON has it.
  if (told.get(LOOKED_BACK_EVENTS, `"problem":"${problem}","since":"${since}"`) !== undefined) return
  const text = JSON.stringify(fact)
  db.prepare<[string, string]>(
    `INSERT INTO outbox_untold (fact) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM outbox_untold WHERE fact = ?)`,
  ).run(text, text)
}

/** Each of them once: it leaves the list in the transaction that puts it into the chain. */
export function tellUntold(db: Db, add: (fact: EventData<'system'>) => void): void {
  const untold = db.prepare<[], string>('SELECT fact FROM outbox_untold ORDER BY number').pluck().all()
  if (untold.length === 0) return
  db.transaction(() => {
    for (const fact of untold) add(JSON.parse(fact))
    db.prepare('DELETE FROM outbox_untold').run()
  }).immediate()
}
