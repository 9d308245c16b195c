/** What happened in the demonstration hall: results handed over and numbers taken. A real hall's tables stay empty. */
import type { HallMigration } from './schema.ts'
import type { Sql } from './sql.ts'

export interface DemoTicket {
  /** YYYY-MM-DD at the hall. */
  day: string
  /** Milliseconds since 1970; no two of one hall alike. */
  at: number
  what: 'taken' | 'again' | 'transferred'
  number: string
  businessType: string
  /** A code of TicketPriority. */
  priority: string | null
  appointment: string | null
}

/** Decided under a lock by what was taken before that day; a string is returned in place of a ticket that is not to be. */
export type DecideTicket<T> = (before: readonly DemoTicket[]) => { ticket: DemoTicket } | { instead: T }

export interface DemoHall {
  /** When a result was handed over, and whether by this very errand; the first errand stays. */
  collect(caseNo: string, key: string, at: Date): Promise<{ at: Date; mine: boolean }>
  collectedAt(caseNos: readonly string[]): Promise<ReadonlyMap<string, Date>>
  ticketsOf(day: string): Promise<DemoTicket[]>
  /** The ticket of an errand: the one that it got before, or the one that `decide` gives. */
  takeTicket<T>(
    day: string,
    key: string,
    decide: DecideTicket<T>,
  ): Promise<{ ticket: DemoTicket; again: boolean } | { instead: T }>
}

export const demoMigrations: readonly HallMigration[] = [
  {
    name: 'demo-hall-1',
    sql: `
      CREATE TABLE demo_collected (
        case_no TEXT PRIMARY KEY,
        errand TEXT NOT NULL,
        at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE demo_tickets (
        errand TEXT PRIMARY KEY,
        day TEXT NOT NULL,
        at INTEGER NOT NULL,
        what TEXT NOT NULL,
        number TEXT NOT NULL,
        business_type TEXT NOT NULL,
        priority TEXT,
        appointment TEXT
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX demo_tickets_by_day ON demo_tickets (day, at);
    `,
  },
]

interface TicketRow {
  day: string
  at: number
  what: DemoTicket['what']
  number: string
  business_type: string
  priority: string | null
  appointment: string | null
}

const TICKET = 'SELECT day, at, what, number, business_type, priority, appointment FROM demo_tickets'

export function demoHall(sql: Sql): DemoHall {
  const ticketsOf = async (from: Sql, day: string): Promise<DemoTicket[]> =>
    (await from.all<TicketRow>(`${TICKET} WHERE day = ? ORDER BY at`, day)).map(ticketOf)

  return {
    async collect(caseNo, key, at) {
      await sql.run(
        'INSERT INTO demo_collected (case_no, errand, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
        caseNo,
        key,
        at.getTime(),
      )
      const row = await sql.get<{ errand: string; at: number }>(
        'SELECT errand, at FROM demo_collected WHERE case_no = ?',
        caseNo,
      )
      if (row === undefined) throw new Error('what was just written is not there')
      return { at: new Date(row.at), mine: row.errand === key }
    },

    async collectedAt(caseNos) {
      if (caseNos.length === 0) return new Map()
      const rows = await sql.all<{ case_no: string; at: number }>(
        `SELECT case_no, at FROM demo_collected WHERE case_no IN (${caseNos.map(() => '?').join(', ')})`,
        ...caseNos,
      )
      return new Map(rows.map(({ case_no: caseNo, at }) => [caseNo, new Date(at)]))
    },

    ticketsOf: (day) => ticketsOf(sql, day),

    async takeTicket(day, key, decide) {
      return await sql.transaction('demo-tickets', async (within) => {
        const known = await within.get<TicketRow>(`${TICKET} WHERE errand = ?`, key)
        if (known !== undefined) return { ticket: ticketOf(known), again: true }
        const before = await ticketsOf(within, day)
        const decided = decide(before)
        if ('instead' in decided) return decided
        const { ticket } = decided
        // What was taken on other days stands nowhere any more.
        await within.run('DELETE FROM demo_tickets WHERE day < ?', day)
        await within.run(
          `INSERT INTO demo_tickets (errand, day, at, what, number, business_type, priority, appointment)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          key,
          ticket.day,
          ticket.at,
          ticket.what,
          ticket.number,
          ticket.businessType,
          ticket.priority,
          ticket.appointment,
        )
        return { ticket, again: false }
      })
    },
  }
}

function ticketOf({ business_type: businessType, ...row }: TicketRow): DemoTicket {
  return { ...row, businessType }
}
