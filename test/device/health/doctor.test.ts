import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { type HealthNote, writeHealthNote } from '../../../device/health/note.ts'
import { formatInstant } from '../../../sync/protocol/identifiers.ts'
import { PlantedMachine } from '../../drivers/discovery/planted-machine.ts'
import { testFolder } from '../../sync/support/folder.ts'
import { visit } from '../technician/doctor/cabinet.ts'

const note = (changes: Partial<HealthNote>): HealthNote => ({
  at: formatInstant(new Date()),
  pid: process.pid,
  role: 'pad',
  name: 'window 12',
  deviceId: 'T-0571-0001',
  software: '0.1.0',
  faults: [],
  parts: [],
  backlog: { count: 0, oldestAt: null },
  setAside: { count: 0 },
  ...changes,
})

const look = async (dataDir: string) => {
  const { exit, text } = await visit(new PlantedMachine(), ['--data', dataDir, '--json', '--lang', 'en'])
  const { findings, device } = JSON.parse(text)
  return { exit, ids: findings.map(({ id }: { id: string }) => id), state: device.state }
}

it('a device that runs and finds nothing wrong is in order', async () => {
  const dataDir = testFolder()
  writeHealthNote(dataDir, note({}))
  expect(await look(dataDir)).toEqual({ exit: 0, ids: [], state: 'running' })
})

it('a program that is gone without a word, one that hangs, and one that was stopped are told apart', async () => {
  const dataDir = testFolder()
  const child = spawn('sleep', ['60'])
  onTestFinished(() => void child.kill('SIGKILL'))
  const pid = child.pid ?? 0
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const longAgo = new Date(Date.now() - 3_600_000)
  writeHealthNote(dataDir, note({ at: formatInstant(longAgo), pid }))
  // The number belongs to a process that began after that was written.
  expect(await look(dataDir)).toMatchObject({ exit: 1, ids: ['device-gone'] })
  child.kill('SIGKILL')
  await ended
  writeHealthNote(dataDir, note({ pid }))
  expect(await look(dataDir)).toMatchObject({ exit: 1, ids: ['device-gone'] })
  // The first process of all is older than any note, and writes none.
  writeHealthNote(dataDir, note({ at: formatInstant(new Date(Date.now() - 240_000)), pid: 1 }))
  expect((await look(dataDir)).ids).toEqual(['device-silent'])
  writeHealthNote(dataDir, note({ pid: null }))
  expect(await look(dataDir)).toEqual({ exit: 0, ids: ['device-stopped'], state: 'stopped' })
})

it('where no note can be read it is not said that all is well', async () => {
  const dataDir = testFolder()
  expect(await look(dataDir)).toEqual({ exit: 1, ids: ['device-unknown'], state: 'unknown' })
  writeFileSync(join(dataDir, 'health.json'), '{"at":')
  expect((await look(dataDir)).ids).toEqual(['device-unknown'])
})

it('the page says in words what is wrong, since when and what to do, in both languages', async () => {
  const dataDir = testFolder()
  const fault = {
    id: 'idReader.no-answer',
    severity: 'fault' as const,
    since: '2026-11-21T20:14:05.123+08:00',
    stops: ['my-papers'],
    todo: ['check-power', 'check-cable'],
    facts: {},
  }
  writeHealthNote(dataDir, note({ faults: [fault] }))
  const pages = await Promise.all(
    ['zh', 'en'].map(
      async (lang) => (await visit(new PlantedMachine(), ['--data', dataDir, '--lang', lang])).text,
    ),
  )
  for (const said of [
    '身份证阅读器没有任何回应',
    '2026-11-21 20:14',
    'idReader.no-answer',
    '我的材料',
    '检查数据线',
  ])
    expect(pages[0]?.replaceAll(/\s+/g, '')).toContain(said.replaceAll(' ', ''))
  for (const said of ['The ID card reader answers nothing', 'My papers.', 'Check that both ends'])
    expect(pages[1]?.replaceAll(/\s+/g, ' ')).toContain(said)
})
