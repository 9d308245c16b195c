/** A device whose uplink runs against a hall that answers as the test says. */
import type { ServerResponse } from 'node:http'
import { expect, onTestFinished } from 'vitest'
import { createHallClient } from '../../../sync/hall-client.ts'
import type { HallLine } from '../../../sync/hall-request.ts'
import { splitBatch, unpackBatch } from '../../../sync/protocol/batch.ts'
import { checkEvent } from '../../../sync/protocol/chain.ts'
import { formatSequence, parseSequence } from '../../../sync/protocol/identifiers.ts'
import { startUplink, type Uplink, type UplinkStatus } from '../../../sync/uplink.ts'
import { openTestDevice, type TestDevice } from './device.ts'
import { STOP } from './facts.ts'
import { testFolder } from './folder.ts'
import { answerJson, type Received, startHallStub } from './hall-stub.ts'
import { until } from './until.ts'

/** Jitter at its least but one: waits of some milliseconds. */
const HURRY = () => 0.01

export interface Batch {
  first: number
  last: number
  epoch: number
  texts: string[]
}

async function batchOf(request: Received): Promise<Batch> {
  const unpacked = unpackBatch(request.body, request.headers['content-encoding'])
  if (!unpacked.ok) throw new Error(unpacked.detail)
  const split = splitBatch(unpacked.bytes)
  if (!split.ok) throw new Error(split.detail)
  const events = split.texts.map((text) => {
    const checked = checkEvent(text)
    if (!checked.ok) throw new Error(checked.detail)
    return checked.event
  })
  const sequences = events.map((event) => parseSequence(event.sequence))
  const [first = 0] = sequences
  expect(sequences).toEqual(sequences.map((_, i) => first + i))
  return { first, last: sequences.at(-1) ?? 0, epoch: events[0]?.epoch ?? 0, texts: split.texts }
}

export function stored(response: ServerResponse, batch: Batch, change: Record<string, unknown> = {}): void {
  answerJson(response, 200, {
    epoch: batch.epoch,
    stored: batch.texts.length,
    duplicate: 0,
    rejected: [],
    through: formatSequence(batch.last),
    missing: [],
    time: new Date().toISOString(),
    ...change,
  })
}

export type Answer = (batch: Batch, response: ServerResponse, nth: number) => void

interface StartOptions {
  monotonic?: () => number
  facts?: number
  /** What is between the device and the hall. */
  through?: (device: TestDevice, hallPort: number) => Promise<HallLine>
  /** Its own store fails in this test. */
  troubled?: boolean
}

export async function started(answer: Answer, options: StartOptions = {}) {
  const batches: Batch[] = []
  const stub = await startHallStub(async (request, response) => {
    const batch = await batchOf(request)
    batches.push(batch)
    answer(batch, response, batches.length)
  })
  const device = openTestDevice(testFolder())
  device.db
    .transaction(() => {
      for (let one = 0; one < (options.facts ?? 0); one += 1) device.outbox.append('system', STOP, new Date())
    })
    .immediate()
  const line =
    (await options.through?.(device, stub.port)) ??
    createHallClient({ url: stub.url, identity: device.identity })
  const { monotonic } = options
  const troubles: unknown[] = []
  const uplink = startUplink({
    outbox: device.outbox,
    line,
    random: HURRY,
    onTrouble: (error) => troubles.push(error),
    ...(monotonic === undefined ? {} : { monotonic }),
  })
  onTestFinished(async () => {
    await uplink.close()
    device.close()
    expect(troubles.length > 0).toBe(options.troubled === true)
  })
  return { stub, device, uplink, batches }
}

export const sent = (uplink: Uplink) =>
  until(() => uplink.status().backlog === 0 && uplink.status().state === 'idle')
export const state = (uplink: Uplink, is: UplinkStatus['state']) => until(() => uplink.status().state === is)
