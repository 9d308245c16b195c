import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { checkLineInWords } from '../../../device/health/check-words.ts'
import { checkClock } from '../../../device/health/checks/clock.ts'
import type { CheckLine } from '../../../device/health/checks/line.ts'
import { checkNetwork } from '../../../device/health/checks/network.ts'
import { checkStorage } from '../../../device/health/checks/storage.ts'
import { testFolder } from '../../sync/support/folder.ts'
import { fill, smallDisk } from '../store/small-disk.ts'

const answering = async (answer: (response: ServerResponse) => void): Promise<string> => {
  const server = createServer((_, response) => answer(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const hallThatSays = (time: Date): Promise<string> =>
  answering((response) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ time: time.toISOString() })),
  )

/** What is bad, as `code`, and that each line has words in both languages. */
const wrongIn = (lines: readonly CheckLine[]): string[] => {
  for (const line of lines) {
    expect(checkLineInWords(line, 'zh')).toMatch(/\p{Script=Han}/u)
    expect(checkLineInWords(line, 'en')).not.toMatch(/undefined|^code /)
  }
  return lines.flatMap(({ code, good }) => (good ? [] : [code]))
}

const network = async (url: string): Promise<string[]> => {
  const lines = await checkNetwork({ url, trust: null })
  // Whether this machine has an address and a route of its own is not for this test.
  return wrongIn(lines).filter((code) => code !== 'no-address' && code !== 'no-route')
}

it('the network is in order as far as the hall answers', async () => {
  expect(await network(await hallThatSays(new Date()))).toEqual([])
})

it.each<[string, (response: ServerResponse) => void]>([
  ['hall-portal', (response) => response.writeHead(302, { location: 'http://login.example/' }).end()],
  [
    'hall-portal',
    (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Sign in</title>'),
  ],
  ['hall-portal', (response) => response.writeHead(511).end()],
  ['hall-proxy', (response) => response.writeHead(407, { 'proxy-authenticate': 'Basic' }).end()],
  ['hall-proxy', (response) => response.writeHead(403, { via: '1.1 squid' }).end('denied')],
  ['hall-proxy', (response) => response.writeHead(502).end()],
  ['hall-stranger', (response) => response.writeHead(404).end('nothing here')],
  [
    'hall-trouble',
    (response) =>
      response
        .writeHead(503, { 'content-type': 'application/problem+json' })
        .end(
          '{"type":"urn:w24:problem:store-unavailable","code":"store-unavailable","title":"","detail":""}',
        ),
  ],
  ['hall-cut', (response) => response.destroy()],
])('what answers in the hall’s place is told as %s', async (code, answer) => {
  expect(await network(await answering(answer))).toEqual([code])
})

it('a hall that is not there is told by the port, and a name that nobody knows by the name', async () => {
  // A port that was just let go.
  const url = await answering(() => {})
  const { port } = new URL(url)
  const free = createServer()
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
  const { port: gone } = free.address() as AddressInfo
  await new Promise((resolve) => free.close(resolve))
  expect(await network(`http://127.0.0.1:${gone}`)).toEqual(['port-refused', 'hall-cut'])
  const [name] = await network(`http://hall.invalid:${port}`)
  expect(name).toMatch(/^name-(unknown|silent)$/)
  expect(wrongIn(await checkNetwork(null))).toContain('no-hall')
})

/** Programs of the system, as this machine's PATH would have them. */
const programs = (scripts: Record<string, string>): string => {
  const folder = testFolder()
  for (const [name, says] of Object.entries(scripts)) {
    const file = join(folder, name)
    writeFileSync(file, `#!/bin/sh\n/bin/cat <<'END'\n${says}\nEND\n`)
    chmodSync(file, 0o755)
  }
  return folder
}

const SYNCHRONISED = 'Leap status     : Normal'
const clock = async (path: string, offsetMs = 0, now = () => new Date()): Promise<string[]> => {
  const url = await hallThatSays(new Date(Date.now() + offsetMs))
  const lines = await checkClock({ hall: { url, trust: null }, knownOffsetMs: null, now, path })
  return wrongIn(lines).filter((code) => code !== 'zone-other')
}

it('who keeps the clock right is asked of the system', async () => {
  expect(await clock(programs({ timedatectl: 'NTP=yes\nNTPSynchronized=yes' }))).toEqual([])
  expect(await clock(programs({ timedatectl: 'NTP=yes\nNTPSynchronized=no' }))).toEqual([
    'time-service-waits',
  ])
  expect(await clock(programs({ timedatectl: 'NTP=no\nNTPSynchronized=no' }))).toEqual(['time-service-off'])
  expect(await clock(programs({ timedatectl: 'NTP=no\nNTPSynchronized=no', chronyc: SYNCHRONISED }))).toEqual(
    [],
  )
  expect(await clock(programs({ chronyc: 'Leap status     : Not synchronised' }))).toEqual([
    'time-service-waits',
  ])
  expect(await clock(programs({}))).toEqual(['time-service-none'])
})

it('a clock at 1970 and one that is off from the hall are told', async () => {
  const path = programs({ chronyc: SYNCHRONISED })
  expect(await clock(path, 0, () => new Date(86_400_000))).toEqual(['now-implausible'])
  expect(await clock(path, 3_600_000)).toEqual(['offset'])
  const line: CheckLine = { code: 'offset', good: false, facts: { offsetMs: String(50 * 365 * 86_400_000) } }
  expect(checkLineInWords(line, 'zh')).toBe('比大厅慢 50 年')
  expect(wrongIn(await checkClock({ hall: null, knownOffsetMs: null, path }))).toContain('offset-unknown')
})

it('a full disk, and one that forgets at a power cut, are told; nothing is left behind', async () => {
  const disk = smallDisk(4)
  const path = programs({})
  expect(wrongIn(await checkStorage({ dataDir: disk, path }))).toEqual(['free-low', 'file-system-unfit'])
  fill(disk)
  expect(wrongIn(await checkStorage({ dataDir: disk, path }))).toEqual([
    'free-low',
    'file-system-unfit',
    'write-failed',
  ])
})

it('how worn a disk is comes from the kernel or from smartctl, where either tells', async () => {
  const dataDir = testFolder()
  const lifeLines = async (said: string | null, emmc: string | null): Promise<string[]> => {
    const sys = testFolder()
    const { statSync } = await import('node:fs')
    const { dev } = statSync(dataDir)
    const [major, minor] = [(dev >> 8) & 0xfff, (dev & 0xff) | ((dev >> 12) & 0xfff00)]
    mkdirSync(join(sys, 'dev', 'block'), { recursive: true })
    symlinkSync('../../devices/soc/block/mmcblk0/mmcblk0p2', join(sys, 'dev', 'block', `${major}:${minor}`))
    mkdirSync(join(sys, 'block', 'mmcblk0', 'device'), { recursive: true })
    if (emmc !== null) writeFileSync(join(sys, 'block', 'mmcblk0', 'device', 'life_time'), `${emmc}\n`)
    const path = programs(said === null ? {} : { smartctl: said })
    const lines = await checkStorage({ dataDir, sys, path })
    wrongIn(lines)
    return lines
      .filter(({ code }) => /^(life|disk)/.test(code))
      .map(({ code, facts }) => `${code} ${facts.percent ?? ''}`)
  }
  expect(await lifeLines(null, '0x02 0x03')).toEqual(['life 30'])
  expect(await lifeLines(null, '0x09 0x01')).toEqual(['life-ending 90'])
  expect(await lifeLines('{"smart_status":{"passed":false}}', null)).toEqual(['disk-failing '])
  expect(await lifeLines('{"smart_status":{"passed":true}}', null)).toEqual(['life '])
  expect(await lifeLines('no JSON', null)).toEqual(['life-unknown '])
  expect(await lifeLines(null, null)).toEqual(['life-unknown '])
})
