/** The room of the technician's pages on a real device before a real hall. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { parseConfiguration } from '../../../device/configuration.ts'
import type { Device } from '../../../device/device.ts'
import { type HealthWorkshop, healthRoom } from '../../../device/health/room.ts'
import type { Insight } from '../../../device/insight.ts'
import { startHall } from '../../../sync/hall/hall.ts'
import { parseSequence } from '../../../sync/protocol/identifiers.ts'
import { deviceJson, startTestDevice, temporaryFolder } from '../support/house.ts'
import { SILENT } from '../support/silent.ts'
import { BRIEF } from './brief.ts'

const STOPPED_AFTER_MS = 200

/** The test's own time-out ends a wait in vain. */
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await sleep(20)
}

const hallIn = async (parts: AsyncDisposableStack, dataDir: string, listen = '127.0.0.1:0') => {
  const hall = await startHall({ dataDir, listen, demo: true, logger: SILENT })
  parts.defer(() => hall.close())
  return hall
}

it('checks, the backlog, what was set aside and a device that is gone are on its page; what was set aside goes again', async () => {
  const parts = new AsyncDisposableStack()
  onTestFinished(() => parts.disposeAsync())
  const hallFolder = await temporaryFolder(parts)
  const dataDir = await temporaryFolder(parts)
  const hall = await hallIn(parts, hallFolder)
  const device: Device = await startTestDevice({
    role: 'pad',
    hallUrl: hall.url,
    enrolmentCode: hall.createEnrolmentCode(),
    dataDir,
    more: { healthLasting: BRIEF },
  })
  parts.defer(() => device.close())
  const parsed = parseConfiguration(deviceJson({ role: 'pad', hallUrl: hall.url }))
  let running: Insight | null = device.insight
  let changed = 0
  let tell = (_: Insight | null): void => {}
  const workshop: HealthWorkshop = {
    dataDir,
    configPath: join(dataDir, 'device.json'),
    configuration: () => (parsed.ok ? parsed.configuration : null),
    device: () => running,
    onDevice(listener) {
      tell = listener
      return () => {}
    },
    onChange: () => {
      changed += 1
    },
    onTrouble: (error) => {
      throw error
    },
  }
  const room = healthRoom(workshop, STOPPED_AFTER_MS)
  parts.defer(() => room.close())
  const { outbox, db } = device.insight
  await until(() => outbox.head() !== null && outbox.backlog().count === 0)

  await room.act({ type: 'check', what: 'all' })
  expect(room.state().checks.network).toEqual({ state: 'trying' })
  await until(() =>
    Object.values(room.state().checks).every(({ state }) => state === 'good' || state === 'bad'),
  )
  const { network } = room.state().checks
  expect('lines' in network && network.lines.some(({ code, good }) => code === 'hall' && good)).toBe(true)
  expect(changed).toBeGreaterThanOrEqual(6)

  // One that the hall has not got is set aside, and the line comes back without it.
  await hall.close()
  db.transaction(() => outbox.append('technician', { fact: 'restart' }, new Date()))()
  const refused = outbox.head()
  if (refused === null) throw new Error('the chain has begun')
  outbox.setAside(refused.epoch, parseSequence(refused.sequence), 'schema')
  expect(room.state().backlog).toMatchObject({
    setAsideCount: 1,
    setAside: [
      { epoch: refused.epoch, sequence: refused.sequence, reason: 'schema', at: expect.any(String) },
    ],
  })
  const again = await hallIn(parts, hallFolder, new URL(hall.url).host)
  await until(() => device.insight.online() && outbox.backlog().count === 0)
  const behind = Number(outbox.head()?.sequence)
  expect((await again.counts()).events).toBe(behind - 1)

  expect(await room.act({ type: 'send-again' })).toMatchObject({ ok: true })
  await until(() => outbox.backlog().count === 0)
  expect((await again.counts()).events).toBe(Number(outbox.head()?.sequence))
  expect(room.state().backlog).toEqual({ count: 0, oldestAt: null, setAside: [], setAsideCount: 0 })

  // A restart is no stop; what lasts longer is one, once there is something to start.
  running = null
  tell(null)
  expect(room.state().faults).toEqual([])
  expect(await room.act({ type: 'send-again' })).toMatchObject({ ok: false, code: 'not-running' })
  writeFileSync(workshop.configPath, '{}')
  const told = changed
  await until(() => changed > told)
  expect(room.state().faults.map(({ id }) => id)).toEqual(['device.stopped'])
})
