import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { TestResult } from '../../../../device/http/contract.ts'
import type { Entry } from '../../../../device/technician/peripherals/entries.ts'
import {
  forgetResult,
  keepResult,
  RESULTS_FILE,
  resultOf,
} from '../../../../device/technician/peripherals/results.ts'

const SCANNER: Entry = { name: 'scanner', driver: 'serial', profile: null, port: 'tcp://192.0.2.1:4001' }
const PASSED: TestResult = {
  outcome: 'passed',
  at: '2026-03-01T09:00:00+08:00',
  step: null,
  reason: null,
  software: 'window24 1.0.0',
  proof: null,
}

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'window24-results-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

it('a result is kept for its port, by whom, when and with which software, and for nobody but the owner to read', () => {
  const data = folder()
  expect(resultOf(data, SCANNER)).toBeNull()
  keepResult(data, SCANNER, PASSED)
  expect(resultOf(data, SCANNER)).toEqual(PASSED)
  expect(statSync(join(data, RESULTS_FILE)).mode & 0o777).toBe(0o600)
  expect(JSON.parse(readFileSync(join(data, RESULTS_FILE), 'utf8')).tests).toEqual([
    { entry: SCANNER, by: 'technician', ...PASSED },
  ])
})

it('another port, model or driver was not tried, and a newer result takes the older one’s place', () => {
  const data = folder()
  keepResult(data, SCANNER, PASSED)
  expect(resultOf(data, { ...SCANNER, port: 'tcp://192.0.2.2:4001' })).toBeNull()
  expect(resultOf(data, { ...SCANNER, profile: 'newland' })).toBeNull()
  const failed: TestResult = { ...PASSED, outcome: 'failed', step: 'scan', reason: 'nothing-scanned' }
  keepResult(data, SCANNER, failed)
  expect(resultOf(data, SCANNER)).toEqual(failed)
  keepResult(data, { ...SCANNER, name: 'keypad', driver: 'ff68' }, PASSED)
  forgetResult(data, 'keypad')
  expect(resultOf(data, SCANNER)).toEqual(failed)
  expect(resultOf(data, { ...SCANNER, name: 'keypad', driver: 'ff68' })).toBeNull()
})

it('a damaged file says that nothing was tried, and the next result makes it whole', () => {
  const data = folder()
  for (const text of ['', '{"version":2,"tests":[]}', '{"version":1,"tests":[{"name":"x"}]}']) {
    writeFileSync(join(data, RESULTS_FILE), text)
    expect(resultOf(data, SCANNER)).toBeNull()
  }
  keepResult(data, SCANNER, PASSED)
  expect(resultOf(data, SCANNER)).toEqual(PASSED)
})
