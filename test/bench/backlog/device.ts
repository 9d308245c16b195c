/**
 * A device whose line is back after long: it sends what waits, and somebody rates meanwhile. Told `enrol`, it joins the
 * hall; told `go`, it captures alone, then captures while it drains; then 30 days pass on its clock.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openRecords } from '../../../device/store/records.ts'
import { createHallClient } from '../../../sync/hall-client.ts'
import { startUplink } from '../../../sync/uplink.ts'
import { demoRating, seeded } from '../delivery/ratings.ts'

/** Far more often than anybody answers, and seldom enough to meet the drain at every moment of its own. */
const CAPTURE_EVERY_MS = 10
const ALONE_CAPTURES = 2000
const RSS_EVERY_MS = 100
const MONTH_MS = 31 * 24 * 60 * 60 * 1000

const [dir = '', url = '', enrolmentCode = ''] = process.argv.slice(2)
let ahead = 0
const records = openRecords({ dataDir: dir, clock: () => new Date(Date.now() + ahead), onTrouble: fail })
const { db, identity, outbox } = records
const client = createHallClient({ url, identity })

if (enrolmentCode !== '') {
  const enrolled = await client.enrol({
    enrolmentCode,
    role: 'pad',
    name: 'bench',
    window: '12',
    software: '0',
  })
  if (!enrolled.ok) fail(new Error(`not enrolled: ${JSON.stringify(enrolled)}`))
  records.close()
  process.send?.({ enrolled: identity.deviceId }, () => process.exit(0))
} else await measure()

async function measure(): Promise<void> {
  const alone = await capture(() => false, ALONE_CAPTURES)
  let rss = 0
  const watch = setInterval(() => {
    rss = Math.max(rss, process.memoryUsage.rss())
  }, RSS_EVERY_MS)
  const total = outbox.backlog().count
  const tenth = Math.floor(total / 10)
  const startedMs = performance.now()
  let firstTenthMs = 0
  let lastTenthFromMs = 0
  let lastTenth = 0
  let done = false
  let doneMs = 0
  const uplink = startUplink({ outbox, line: client, onTrouble: fail })
  uplink.onChange(({ backlog }) => {
    const now = performance.now() - startedMs
    if (firstTenthMs === 0 && backlog <= total - tenth) firstTenthMs = now
    if (lastTenthFromMs === 0 && backlog <= tenth) {
      lastTenthFromMs = now
      lastTenth = backlog
    }
    // A capture or two are always on their way: what was there at the beginning is what is timed.
    if (!done && backlog < 500) {
      done = true
      doneMs = now
      lastTenth -= backlog
    }
  })
  const draining = await capture(() => done, Number.POSITIVE_INFINITY)
  while (outbox.backlog().count > 0) await sleep(10)
  await uplink.close()
  clearInterval(watch)
  const afterDrain = sizes()
  ahead = MONTH_MS
  const tidyFromMs = performance.now()
  let longestStepMs = 0
  for (let more = true; more; ) {
    const stepMs = performance.now()
    more = outbox.tidy()
    longestStepMs = Math.max(longestStepMs, performance.now() - stepMs)
  }
  const tidyMs = performance.now() - tidyFromMs
  const afterMonth = sizes()
  records.close()
  const result = {
    delivered: total + draining.length,
    drainMs: doneMs,
    firstRate: (tenth / firstTenthMs) * 1000,
    lastRate: (lastTenth / (doneMs - lastTenthFromMs)) * 1000,
    rss,
    alone,
    draining,
    afterDrain,
    afterMonth,
    tidyMs,
    longestStepMs,
  }
  process.send?.(result, () => process.exit(0))
}

/** From the moment somebody touches 完成, whatever the device does then, until the rating is on the disk. */
async function capture(until: () => boolean, most: number): Promise<number[]> {
  const random = seeded(2)
  const took: number[] = []
  let due = performance.now() + CAPTURE_EVERY_MS
  while (!until() && took.length < most) {
    await sleep(Math.max(0, due - performance.now()))
    // A timer may be early by a part of its millisecond; late it is where the device is busy with something else.
    const touchedMs = Math.min(due, performance.now())
    const at = new Date()
    const rating = demoRating(random, at)
    db.transaction(() => outbox.append('rating', rating, at)).immediate()
    const now = performance.now()
    took.push(now - touchedMs)
    due = Math.max(due + CAPTURE_EVERY_MS, now)
  }
  return took
}

function sizes(): { file: number; live: number } {
  db.pragma('wal_checkpoint(PASSIVE)')
  const pages = Number(db.pragma('page_count', { simple: true }))
  const free = Number(db.pragma('freelist_count', { simple: true }))
  const pageSize = Number(db.pragma('page_size', { simple: true }))
  return { file: statSync(join(dir, 'store.sqlite')).size, live: (pages - free) * pageSize }
}

function fail(error: unknown): void {
  console.error(error)
  process.exit(1)
}
