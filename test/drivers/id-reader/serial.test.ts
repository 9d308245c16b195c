/** The reader on a real pseudo terminal, under the real serialport. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { until } from '../support.ts'
import { bench, CARD } from './bench.ts'

function stableName(): string {
  const folder = mkdtempSync(join(tmpdir(), 'reader-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return `pty:${folder}/usb-reader`
}

test('a reader on a serial line is read, pulled, and read again when it is back under another name', async () => {
  const { simulator, reader, events, kinds } = await bench({ simulator: { listen: stableName() } })
  expect(simulator.port).toMatch(/^serial:\/.+\/usb-reader\?baud=115200$/)
  simulator.placeCard(CARD)
  await until('the card is read', () => events.length === 1)
  await simulator.unplug()
  await until('the loss is told', () => reader.status().state === 'fault')
  expect(kinds()).toEqual(['placed', 'lifted'])
  await simulator.plug()
  await until('the card is read again', () => events.length === 3, 10_000)
  expect(kinds()).toEqual(['placed', 'lifted', 'placed'])
  expect(reader.status().state).toBe('ready')
  expect(simulator.errors).toEqual([])
})
