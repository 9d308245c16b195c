/** What is wrong on the device's own side of the line: its store, or a line far too slow. */
import { randomBytes } from 'node:crypto'
import { type AddressInfo, connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createHallClient } from '../../sync/hall-client.ts'
import type { HallLine } from '../../sync/hall-request.ts'
import { demoRating, seeded } from '../bench/delivery/ratings.ts'
import { until } from './support/until.ts'
import { sent, started, state, stored } from './support/uplink.ts'

test('a store that cannot note what the hall has is an alarm of its own, and no fault of the hall', async () => {
  const { device, uplink, batches } = await started((batch, response) => stored(response, batch), {
    facts: 0,
    troubled: true,
  })
  device.db.exec(
    "CREATE TRIGGER broken BEFORE UPDATE ON outbox_epochs BEGIN SELECT raise(ABORT, 'disk I/O error'); END",
  )
  device.append(2)
  await state(uplink, 'waiting')
  expect(uplink.status()).toMatchObject({ reason: 'own-store', alarm: true, line: 'up', backlog: 2 })
  expect(batches).not.toHaveLength(0)
  device.db.exec('DROP TRIGGER broken')
  await sent(uplink)
  expect(uplink.status()).toMatchObject({ reason: null, alarm: false, backlog: 0 })
})

test('a store that cannot be read is told of, and what waits in it is sent once it can be', async () => {
  const { device, uplink } = await started((batch, response) => stored(response, batch), { troubled: true })
  const told: unknown[] = []
  uplink.onChange(({ reason, alarm }) => told.push([reason, alarm]))
  device.append(2)
  device.db.exec('ALTER TABLE outbox_aside RENAME TO outbox_gone')
  await until(() => told.some((one) => JSON.stringify(one) === '["own-store",true]'))
  device.db.exec('ALTER TABLE outbox_gone RENAME TO outbox_aside')
  await sent(uplink)
  expect(uplink.status()).toMatchObject({ reason: null, alarm: false, backlog: 0 })
})

/** So much faster than in a hall are the line and the device's patience here. */
const HURRIED = 8
/** The device's own patience with a small batch, then hurried. */
const PROBE_MS = 4_000 / HURRIED
const STEP_MS = 10
/** One event of these fills the padding of its batch. */
const EVENT_BYTES = 8 * 1024
const random = seeded(7)

function sealedWords(): string {
  return `eyJ..${'x'.repeat(16)}.${randomBytes(5_000).toString('base64url')}.xxxx`
}

/** A line that takes so many bytes a second and no more; each connection ends when the device gives it up. */
async function slowLine(port: number, bytesPerMs: number): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect(port, '127.0.0.1')
    const end = (): void => {
      near.destroy()
      far.destroy()
    }
    for (const one of [near, far]) one.on('error', end).on('close', end)
    far.pipe(near)
    const trickle = async (): Promise<void> => {
      for await (const chunk of near as AsyncIterable<Buffer>) {
        for (let at = 0; at < chunk.length && !far.destroyed; at += bytesPerMs * STEP_MS) {
          await sleep(STEP_MS)
          far.write(chunk.subarray(at, at + bytesPerMs * STEP_MS))
        }
      }
    }
    trickle().catch(end)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

test('a line too slow for a small batch gets smaller ones until they pass, and all of it arrives', async () => {
  const arrived: number[] = []
  const { device, uplink } = await started(
    (batch, response) => {
      for (let one = batch.first; one <= batch.last; one += 1) arrived.push(one)
      stored(response, batch)
    },
    {
      async through({ identity }, hallPort) {
        // Eight of these events take twice the patience, one a quarter of it.
        const port = await slowLine(hallPort, (8 * EVENT_BYTES) / PROBE_MS / 2)
        const client = createHallClient({ url: `http://127.0.0.1:${port}`, identity })
        const request: HallLine['request'] = (sent) =>
          client.request({ ...sent, timeoutMs: sent.timeoutMs / HURRIED })
        return { ...client, request }
      },
    },
  )
  const at = new Date()
  device.db
    .transaction(() => {
      for (let one = 0; one < 8; one += 1)
        device.outbox.append('rating', { ...demoRating(random, at), comment: sealedWords() }, at)
    })
    .immediate()
  await sent(uplink)
  expect(new Set(arrived)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8]))
})
