import { describe, expect, test } from 'vitest'
import type { Finding, MatterId, Matters, Subject } from '../../../../device/technician/doctor/findings.ts'
import { pageOf } from '../../../../device/technician/doctor/page.ts'
import { adviceFor, type Setting, type Step } from '../../../../device/technician/doctor/words.ts'
import { EN } from '../../../../device/technician/doctor/words-en.ts'
import { ZH } from '../../../../device/technician/doctor/words-zh.ts'
import { factsOf } from '../../../drivers/discovery/discover-here.ts'

const path = '/dev/ttyUSB0'
const file = '/etc/window24/device.json'
const access = { allowed: false, rootOnly: false, decidedBy: path, owner: 'root', group: 'root', mode: 0o600 }
const holders = [{ pid: 812, name: 'minicom', unit: null, window24: false }]
const at = { queue: 'a4', here: true, host: '127.0.0.1' }
const setting: Setting = { config: file, shell: { program: 'window24', isRoot: false } }
const url = 'ipp://127.0.0.1/printers/a4'

/** One of each kind: the type sees to it that none is forgotten. */
const SAMPLES: { [Id in MatterId]: Matters[Id] } = {
  configuration: {
    lines: [{ place: 'peripherals.scaner', detail: 'unknown key; did you mean scanner?' }],
  },
  'configuration-no-json': { line: 7 },
  'configuration-bom': { file },
  'configuration-unreadable': { file, code: 'ENOENT' },
  'configuration-forbidden': { file, user: 'kiosk' },
  'port-missing': { path, dangling: false, candidates: ['serial:/dev/serial/by-id/a?baud=9600'] },
  'port-not-a-device': { path },
  'port-stuck': {},
  'port-unstable': { path, better: 'serial:/dev/serial/by-id/a?baud=9600' },
  'port-ambiguous': { path, better: null },
  'port-forbidden': { path, user: 'kiosk', access, groupAtNextLogin: false },
  'port-root-only': { path, access },
  'port-held': { path, holders },
  'port-shared': { others: ['scanner'] },
  'port-stalled': { path },
  'tcp-unknown-host': { host: 'server.example' },
  'tcp-name-silent': { host: 'server.example' },
  'tcp-refused': { address: '192.0.2.7:4001' },
  'tcp-no-answer': { address: '192.0.2.7:4001' },
  'tcp-not-connected': { address: '192.0.2.7:4001' },
  'hid-missing': { device: 'hid:2B8B:2721', candidates: [] },
  'hid-twins': { device: 'hid:2B8B:2721', count: 2 },
  'scanner-mode': { device: 'hid:0C2E:0B61', asKeyboard: true },
  'hid-library-missing': {},
  'hid-library-failed': { detail: 'Cannot find the module that is needed' },
  'hid-silent': {},
  'modem-manager': { ports: ['/dev/serial/by-id/a'] },
  brltty: { ports: ['/dev/serial/by-id/a'] },
  'usb-claimed': { device: '10C4:EA60 CP2102', holders },
  'cups-down': {},
  'cups-silent': {},
  'cups-absent': {},
  'cups-keeps-files': {},
  'queue-policy': { ...at, policy: 'retry-job' },
  'printer-backlog': { ...at, jobs: [3, 4, 7] },
  'printer-stopped': { ...at, reasons: ['media-empty-error'], jobs: [3] },
  'printer-refusing': { ...at, here: false, host: 'prints.example' },
  'printer-absent': { url, here: true, queue: 'a4', candidates: [] },
  'printer-unreachable': { url, trouble: 'unreachable', detail: 'it cannot be reached from here' },
  'folder-missing': { path: '/srv/pages', user: 'kiosk' },
  'folder-is-none': { path: '/srv/pages' },
  'folder-forbidden': {
    path: '/srv/pages',
    user: 'kiosk',
    access: { ...access, decidedBy: '/srv/pages' },
    target: '/srv/pages',
  },
  'holders-unseen': { processes: 12, user: 'kiosk' },
  'device-health': {
    fault: {
      id: 'receiptPrinter.cover-open',
      severity: 'fault',
      since: '2026-11-21T20:14:05.123+08:00',
      stops: ['receipts'],
      todo: ['close-cover'],
      facts: {},
    },
    asOf: '2026-11-21T21:00:00.000+08:00',
  },
  'device-stopped': { at: '2026-11-21T20:14:05.123+08:00' },
  'device-gone': { at: '2026-11-21T20:14:05.123+08:00' },
  'device-silent': { at: '2026-11-21T20:14:05.123+08:00' },
  'device-unknown': { dataDir: '/var/lib/window24', code: 'EACCES', user: 'kiosk' },
}

const SUBJECTS: Subject[] = [
  { kind: 'peripheral', name: 'idReader', port: `serial:${path}?baud=115200` },
  { kind: 'machine' },
]

const findingsOfAllKinds = SUBJECTS.flatMap((subject) =>
  Object.entries(SAMPLES).map(([id, facts]) => ({ severity: 'fault', subject, id, ...facts }) as Finding),
)

const sentences = (todo: readonly Step[]): string[] => todo.filter((step) => typeof step === 'string')
const CHINESE = /\p{Script=Han}/u
/** More words in a row than any name or command in these sentences has. */
const ENGLISH_CLAUSE = /[a-z]+(?:[ ,;]+[a-z]+){3,}/i

describe.each(findingsOfAllKinds)('$id of $subject.kind', (finding) => {
  const zh = adviceFor(ZH, finding, setting)
  const en = adviceFor(EN, finding, setting)

  test('says what it is, what it stops and what to do, in each language', () => {
    for (const advice of [zh, en]) {
      expect(advice.what).not.toBe('')
      expect(advice.stops).toMatch(/[。.]$/)
      expect(advice.todo).not.toEqual([])
    }
    for (const sentence of [zh.what, zh.stops, ...sentences(zh.todo)]) {
      expect(sentence).toMatch(CHINESE)
      expect(sentence.replace(/原文：.*$/s, '')).not.toMatch(ENGLISH_CLAUSE)
    }
    expect(zh.what).toMatch(/。$|：$/)
    expect(zh.what.endsWith('：')).toBe(zh.names !== undefined)
    expect([en.what, en.stops, ...sentences(en.todo)].join()).not.toMatch(CHINESE)
  })

  test('gives the same to type in both', () => {
    const typed = (todo: readonly Step[]) => todo.filter((step) => typeof step !== 'string')
    expect(typed(zh.todo)).toEqual(typed(en.todo))
    expect(zh.names).toEqual(en.names)
  })
})

test('a user who has joined the group since is told to log in again, and nothing else', () => {
  const [subject] = SUBJECTS
  if (subject === undefined) throw new Error('no subject')
  const finding: Finding = {
    severity: 'fault',
    subject,
    id: 'port-forbidden',
    path,
    user: 'kiosk',
    access: { ...access, group: 'dialout', mode: 0o660 },
    groupAtNextLogin: true,
  }
  expect(adviceFor(ZH, finding, setting).todo).toEqual([expect.stringContaining('重新登录')])
  expect(adviceFor(EN, finding, setting).todo).toEqual([expect.stringContaining('log out and in again')])
})

test('with a configuration in hand its own devices go into the rules that are to be installed', () => {
  const finding = findingsOfAllKinds.find(({ id }) => id === 'port-forbidden')
  if (finding === undefined) throw new Error('no such finding')
  const commands = JSON.stringify(adviceFor(EN, finding, { ...setting, config: '/srv/my device.json' }).todo)
  expect(commands).toContain("--config '/srv/my device.json' --udev-rules")
})

/** A Chinese character is two columns wide. */
function columns(line: string): number {
  return [...line].reduce((sum, character) => sum + (/[\u2E80-\uFFEF]/.test(character) ? 2 : 1), 0)
}

test.each([
  { words: ZH, language: 'Chinese' },
  { words: EN, language: 'English' },
])('a page of everything fits 80 columns in $language', async ({ words }) => {
  const facts = await factsOf()
  const page = pageOf({ ...setting, facts, findings: findingsOfAllKinds, bound: [] }, words)
  const wide = page.split('\n').filter((line) => columns(line) > 80)
  expect(wide).toEqual([])
  expect(page).not.toMatch(/\n[，。；：、）]/)
})

test('what a device or a process says of itself cannot steer the terminal', async () => {
  const facts = await factsOf()
  const evil = '\u001b]0;x\u0007\u202e\u009b31mX'
  const [finding] = findingsOfAllKinds.filter(({ id }) => id === 'port-held')
  if (finding?.id !== 'port-held') throw new Error('no such finding')
  const planted = { ...finding, holders: [{ pid: 2, name: evil, unit: null, window24: false }] }
  const page = pageOf({ ...setting, facts, findings: [planted], bound: [], config: null }, EN)
  expect(page).not.toMatch(/[^\P{C}\n]/u)
  expect(page).toContain(']0;x')
})
