/** The chains of all devices as they are read: whole, by time, counted. */
import { headsOf } from './heads.ts'
import type { Sql } from './sql.ts'
import type { Store, StoredEvent } from './store.ts'

type ChainReads = Pick<
  Store,
  'eventsOf' | 'eventsBetween' | 'headsOf' | 'countEvents' | 'chainIds' | 'deviceNumbers'
>

/** Rows read at once when a whole chain is walked: bounded memory, and writers get in between. */
const PAGE_ROWS = 500

interface EventRow extends StoredEvent {
  received_at: number
}

export function chainReads(sql: Sql): ChainReads {
  return {
    async *eventsOf(deviceId) {
      for await (const { received_at: _, ...event } of walk(sql, deviceId)) yield event
    },
    async *eventsBetween(from, to) {
      const devices = await sql.all<{ device_id: string }>('SELECT device_id FROM devices ORDER BY number')
      // A chain whose device somebody took out of the table is still a chain.
      const ids = new Set([...devices.map(({ device_id }) => device_id), ...(await chainIds(sql))])
      for (const deviceId of ids)
        for await (const { received_at: receivedAt, ...event } of walk(sql, deviceId)) {
          const time = timeOf(event.text)
          if (time === null || (time >= from.getTime() && time < to.getTime()))
            yield {
              ...event,
              deviceId,
              time: time === null ? null : new Date(time),
              receivedAt: new Date(receivedAt),
            }
        }
    },
    headsOf: async (deviceId) => await headsOf(sql, deviceId),
    chainIds: async () => await chainIds(sql),
    async deviceNumbers() {
      const rows = await sql.all<{ number: number }>('SELECT number FROM devices ORDER BY number')
      return rows.map(({ number }) => number)
    },
    async countEvents(type) {
      const row =
        type === undefined
          ? await sql.get<{ events: number }>('SELECT coalesce(sum(events), 0) AS events FROM event_counts')
          : await sql.get<{ events: number }>(
              'SELECT coalesce(sum(events), 0) AS events FROM event_counts WHERE type = ?',
              type,
            )
      return row?.events ?? 0
    },
  }
}

/** From one id to the next by the key's own order: to sort all events for it would be most of an export. */
async function chainIds(sql: Sql): Promise<string[]> {
  const rows = await sql.all<{ id: string }>(
    `WITH RECURSIVE ids (id) AS (
       SELECT min(device_id) FROM events
       UNION ALL SELECT (SELECT min(device_id) FROM events WHERE device_id > ids.id) FROM ids WHERE ids.id IS NOT NULL
     )
     SELECT id FROM ids WHERE id IS NOT NULL UNION SELECT device_id FROM heads`,
  )
  return rows.map(({ id }) => id).sort()
}

async function* walk(sql: Sql, deviceId: string): AsyncIterable<EventRow> {
  let [epoch, sequence] = [0, 0]
  for (;;) {
    const rows = await sql.all<EventRow>(
      `SELECT epoch, sequence, type, hash, prevhash, text, received_at FROM events
       WHERE device_id = ? AND (epoch, sequence) > (?, ?) ORDER BY epoch, sequence LIMIT ?`,
      deviceId,
      epoch,
      sequence,
      PAGE_ROWS,
    )
    yield* rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE_ROWS) return
    ;({ epoch, sequence } = last)
  }
}

/** In canonical text `time` stands last but for `type`, and no string within can hold its quotes unescaped. */
const TIME_KEY = '"time":"'

/** When the device says it happened, in ms since 1970; null when the text does not say so any more. */
function timeOf(text: string): number | null {
  const at = text.lastIndexOf(TIME_KEY)
  if (at < 0) return null
  const from = at + TIME_KEY.length
  const time = Date.parse(text.slice(from, text.indexOf('"', from)))
  return Number.isNaN(time) ? null : time
}
