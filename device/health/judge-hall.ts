/** What is wrong between this device and its hall: the line, the enrolment, the records, the content. */
import { formatInstant } from '../../sync/protocol/identifiers.ts'
import type { HealthSnapshot } from './snapshot.ts'
import { stopsOf } from './stops.ts'
import type { MatterId, StopCode, TodoCode, Trouble } from './trouble.ts'

/** A line of a hall may be off over a night; facts that have waited for longer make its figures wrong. */
const OLD_MS = 24 * 60 * 60 * 1000
/** While the line stands, a fact is with the hall within seconds. */
const OLD_WITH_LINE_MS = 60 * 60 * 1000

export const judgeHall = (snapshot: HealthSnapshot): Trouble[] => {
  const { enrolment } = snapshot.hall
  if (enrolment.state !== 'enrolled') return judgeEnrolment(snapshot)
  return [
    ...judgeAlarms(snapshot),
    ...judgeUplink(snapshot),
    ...judgeLine(snapshot),
    ...judgeRecords(snapshot),
    ...judgeContent(snapshot),
  ]
}

interface More {
  since?: string
  stops?: StopCode[]
  facts?: Record<string, string>
}

const found = (
  { now }: HealthSnapshot,
  severity: Trouble['severity'],
  part: string,
  id: MatterId,
  todo: TodoCode[],
  { since = formatInstant(now), stops = [], facts = {} }: More = {},
): Trouble => ({ id, part, severity, since, stops, todo, facts })

const judgeEnrolment = (snapshot: HealthSnapshot): Trouble[] => {
  const { enrolment, line } = snapshot.hall
  const more = { since: line.since, stops: ['everything'] satisfies StopCode[] }
  switch (enrolment.state) {
    case 'enrolled':
      return []
    case 'no-code':
      return [found(snapshot, 'fault', 'enrolment', 'hall.not-enrolled', ['enter-code'], more)]
    case 'asking':
      return [
        found(
          snapshot,
          'fault',
          'enrolment',
          'line.down',
          ['check-network-cable', 'run-network-check', 'choose-hall', 'ask-hall-running'],
          more,
        ),
      ]
    case 'refused': {
      const { reason } = enrolment
      return [
        found(snapshot, 'fault', 'enrolment', 'hall.code-refused', ['new-code', 'choose-hall'], {
          ...more,
          facts: { reason },
        }),
      ]
    }
  }
}

const judgeAlarms = (snapshot: HealthSnapshot): Trouble[] =>
  snapshot.hall.alarms.map((alarm) =>
    alarm === 'clone'
      ? found(snapshot, 'fault', 'hall.clone', 'hall.clone', ['stop-twin', 'enrol-again'])
      : found(snapshot, 'fault', 'hall.fork', 'hall.chain-fork', ['enrol-again'], { stops: ['upload'] }),
  )

const judgeUplink = (snapshot: HealthSnapshot): Trouble[] => {
  const { uplink, alarms } = snapshot.hall
  if (uplink === null || !uplink.alarm) return []
  const stops: StopCode[] = ['upload']
  const lineStops = stopsOf('line', snapshot)
  switch (uplink.reason) {
    case 'revoked':
      return [
        found(snapshot, 'fault', 'uplink', 'hall.revoked', ['enrol-again'], {
          stops: lineStops,
        }),
      ]
    case 'signature-refused':
      return [
        found(snapshot, 'fault', 'uplink', 'hall.signature-refused', ['choose-hall', 'enrol-again'], {
          stops: lineStops,
        }),
      ]
    case 'chain-fork':
      // The hall's own word for it comes with the status as well.
      return alarms.includes('fork')
        ? []
        : [found(snapshot, 'fault', 'hall.fork', 'hall.chain-fork', ['enrol-again'], { stops })]
    case 'three-set-aside':
      return [
        found(snapshot, 'fault', 'uplink', 'hall.three-set-aside', ['ask-hall-software', 'send-again'], {
          stops,
        }),
      ]
    case 'strange-answer':
      return [
        found(
          snapshot,
          'fault',
          'uplink',
          'hall.strange-answer',
          ['run-network-check', 'choose-hall', 'ask-hall-running'],
          { stops },
        ),
      ]
    // A busy hall comes back by itself, a clock is judged as what it is, and so is this device's own store.
    case 'no-line':
    case 'hall-busy':
    case 'clock':
    case 'own-store':
    case null:
      return []
  }
}

const judgeLine = (snapshot: HealthSnapshot): Trouble[] => {
  const { line, uplink } = snapshot.hall
  const refused = uplink?.reason === 'revoked' || uplink?.reason === 'signature-refused'
  if (line.up || refused) return []
  return [
    found(
      snapshot,
      'fault',
      'line',
      'line.down',
      ['check-network-cable', 'run-network-check', 'ask-hall-running'],
      { since: line.since, stops: stopsOf('line', snapshot) },
    ),
  ]
}

const judgeRecords = (snapshot: HealthSnapshot): Trouble[] => {
  const { setAside, backlog, hall, now } = snapshot
  const troubles: Trouble[] = []
  if (setAside.count > 0)
    troubles.push(
      found(
        snapshot,
        'warning',
        'records.set-aside',
        'records.set-aside',
        ['ask-hall-software', 'send-again'],
        {
          ...(setAside.oldestAt !== null && { since: setAside.oldestAt }),
          facts: { count: String(setAside.count) },
        },
      ),
    )
  const waitedMs = backlog.oldestAt === null ? 0 : now.getTime() - Date.parse(backlog.oldestAt)
  if (backlog.oldestAt !== null && waitedMs > (hall.line.up ? OLD_WITH_LINE_MS : OLD_MS))
    troubles.push(
      found(
        snapshot,
        'warning',
        'records.waiting',
        'records.waiting',
        hall.line.up ? ['wait-for-hall', 'ask-hall-running'] : ['run-network-check', 'ask-hall-running'],
        { since: backlog.oldestAt, stops: ['upload'], facts: { count: String(backlog.count) } },
      ),
    )
  return troubles
}

const judgeContent = (snapshot: HealthSnapshot): Trouble[] => {
  const { hasContent, hall } = snapshot
  if (!hasContent)
    return [
      found(
        snapshot,
        'fault',
        'content',
        'content.missing',
        hall.line.up ? ['fill-hall', 'wait-for-hall'] : ['run-network-check', 'ask-hall-running'],
        { stops: stopsOf('content', snapshot) },
      ),
    ]
  if (hall.contentBehind === null) return []
  return [
    found(snapshot, 'warning', 'content', 'content.behind', ['wait-for-hall', 'ask-hall-software'], {
      stops: ['updates'],
      facts: { reason: hall.contentBehind.reason },
    }),
  ]
}
