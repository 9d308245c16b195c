/**
 * kill -9 of a device's program, of the hall server and of both, while ratings are captured and sent over a faulty
 * line, also in the middle of recovery: `node scripts/run.js test/faults/model/kills.ts [--kills N] [--seed N]`.
 * Exit 1 when anything was lost, doubled or changed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { openRecords } from '../../../device/store/records.ts'
import { createHallClient } from '../../../sync/hall-client.ts'
import { startUplink } from '../../../sync/uplink.ts'
import { startHallProcess } from '../hostile/hall-process.ts'
import { anyLineFault } from '../line/any-fault.ts'
import { startFaultyLine } from '../line/faulty-line.ts'
import { HURRY, newFolder, storedIn, until, verified } from '../line/pair.ts'

const WRITER = join(import.meta.dirname, 'writer.ts')
const DRAIN_PATIENCE_MS = 120_000
const DEFAULT_KILLS = 20

const { values } = parseArgs({ options: { kills: { type: 'string' }, seed: { type: 'string' } } })
const kills = Number(values.kills ?? DEFAULT_KILLS)
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
/** What is killed, after how long, and what the line does meanwhile. */
const plan = fc.sample(
  fc.record({
    device: fc.constantFrom(true, true, false),
    hall: fc.constantFrom(true, false, false),
    // Shorter than a start takes: then it is recovery that is killed.
    afterMs: fc.oneof(
      { weight: 1, arbitrary: fc.nat(60) },
      { weight: 3, arbitrary: fc.integer({ min: 60, max: 900 }) },
    ),
    whileStarting: fc.constantFrom(true, false, false, false),
    faults: fc.array(anyLineFault, { maxLength: 2 }),
  }),
  { seed, numRuns: kills },
)

const acknowledged = new Map<string, string>()
const [hallDir, deviceDir] = [newFolder('kills-hall'), newFolder('kills-device')]
let hall = await startHallProcess({ dir: hallDir })
const line = await startFaultyLine(hall.url)

async function enrol(): Promise<string> {
  const records = openRecords({ dataDir: deviceDir })
  const client = createHallClient({ url: line.url, identity: records.identity })
  const enrolmentCode = await hall.enrolmentCode()
  const answer = await client.enrol({
    enrolmentCode,
    role: 'pad',
    name: '12号窗口',
    window: '12',
    software: '0.1.0',
  })
  records.close()
  if (!answer.ok) throw new Error(`not enrolled: ${JSON.stringify(answer)}`)
  return answer.value.deviceId
}

interface Writer {
  child: ChildProcess
  ready: Promise<void>
  ended: Promise<void>
}

let words = ''
function startWriter(): Writer {
  const child = spawn(process.execPath, [WRITER, deviceDir, line.url], { stdio: ['ignore', 'pipe', 'pipe'] })
  let rest = ''
  const ready = new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk).split('\n')
      // A line that was cut by the kill was never said.
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const [place = '', hash = ''] = line.split(' ')
        if (hash !== '') acknowledged.set(place, hash)
        else resolve()
      }
    })
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    words += chunk
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return { child, ready: Promise.race([ready, ended]), ended }
}

const begun = performance.now()
const deviceId = await enrol()
let writer = startWriter()
const done = { device: 0, hall: 0, both: 0, starting: 0 }
for (const { device, hall: andHall, afterMs, whileStarting, faults } of plan) {
  line.next(...faults)
  if (!whileStarting) await writer.ready
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  const killsHall = andHall || !device
  if (device) writer.child.kill('SIGKILL')
  if (killsHall) {
    await hall.kill()
    hall = await startHallProcess({ dir: hallDir })
    line.hallUrl = hall.url
  }
  if (device) {
    await writer.ended
    writer = startWriter()
  }
  done[device && killsHall ? 'both' : device ? 'device' : 'hall'] += 1
  if (whileStarting) done.starting += 1
}
await writer.ready
writer.child.kill('SIGKILL')
await writer.ended
line.forget()

const records = openRecords({ dataDir: deviceDir })
const { identity, outbox } = records
const waiting = outbox.backlog().count
const uplink = startUplink({ outbox, line: createHallClient({ url: line.url, identity }), random: HURRY })
await until(() => outbox.backlog().count === 0, DRAIN_PATIENCE_MS)
await uplink.close()
records.close()
const exit = await hall.stop()
await line.close()

const stored = await storedIn(hallDir, deviceId)
const lost = [...acknowledged].filter(([place, hash]) => stored.get(place) !== hash).map(([place]) => place)
const { faults, setAside } = await verified(hallDir, deviceId)
console.table({
  'kills of the device': done.device,
  'kills of the hall': done.hall,
  'kills of both': done.both,
  'of these while starting': done.starting,
  'ratings answered for': acknowledged.size,
  'waiting after the last kill': waiting,
  'at the hall, each once': stored.size,
  'lost or changed': lost.length,
  'faults found by verify': faults.length,
  'set aside': setAside,
})
console.log(`seed ${seed}, ${Math.round((performance.now() - begun) / 1000)} s`)
for (const dir of [hallDir, deviceDir]) rmSync(dir, { recursive: true, force: true })
if (lost.length > 0 || faults.length > 0 || setAside > 0 || exit !== 0 || words !== '') {
  console.error({ lost: lost.slice(0, 10), faults, exit, words: words.slice(0, 2_000) })
  process.exitCode = 1
}
