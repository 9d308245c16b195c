/**
 * How long a citizen waits for a guide on A4 through the public face, beside pdfmake and typst with the same words, a
 * table, Code 128 and QR, turn by turn in one run on one machine. Only ratios say anything elsewhere. Bounds: at most
 * a fifth of pdfmake's time and 100 kB, the first paper after a start no slower than the rest, and the loop that
 * reads the card never held for more than 20 ms. Exit 1 when one is broken.
 *
 *   node test/bench/documents.ts [--long]
 */
import { execFileSync } from 'node:child_process'
import { startDocuments } from '../../device/documents/documents.ts'
import { guideNamed, hall, printedAt } from '../device/documents/papers.ts'
import { plainGuide } from './peers-documents/content.ts'
import { installPeers, type Made, type Peer, startPeer } from './peers-documents/peers.ts'
import { percentile, table } from './support.ts'

const isLong = process.argv.includes('--long')
/** Enough for a steady median; the first ones, while code is still being compiled, are left out. */
const RUNS = isLong ? 120 : 30
const WARM_UP_RUNS = 50
/** The first paper is there once a start only. */
const STARTS = isLong ? 15 : 7
const RUNS_AFTER_START = 8

const PART_OF_PDFMAKE = 1 / 5
const KILOBYTES_MAXIMUM = 100
const LOOP_HELD_MAXIMUM_MS = 20

const guide = guideNamed('存量房转移登记')
const plain = plainGuide(guide, hall)

/** Each run has a time of its own on the paper: nobody can hand out the same document twice. */
const at = (run: number): Date => new Date(printedAt.getTime() + run * 60_000)

interface Ours extends Made {
  /** Of the thread that asks, in all: it cannot have been held for longer. */
  loopMs: number
}

type Documents = Awaited<ReturnType<typeof startDocuments>>

async function makeOurs(documents: Documents, run: number): Promise<Ours> {
  const cpu = process.cpuUsage()
  const loop = process.threadCpuUsage()
  const before = performance.now()
  const { pdf } = await documents.guidePdf({ guide, hall, printedAt: at(run) })
  const ms = performance.now() - before
  return { ms, cpuMs: inMs(process.cpuUsage(cpu)), loopMs: inMs(process.threadCpuUsage(loop)), pdf }
}

function inMs({ user, system }: { user: number; system: number }): number {
  return (user + system) / 1000
}

const median = (values: readonly number[]): number => percentile(values, 0.5)

function row(name: string, made: readonly Made[], pdfmake: readonly Made[]) {
  const { pdf } = made.at(-1) as Made
  const info = execFileSync('pdfinfo', ['-'], { input: pdf, stdio: ['pipe', 'pipe', 'ignore'] }).toString(
    'utf8',
  )
  const [ms, cpuMs] = [median(made.map((one) => one.ms)), median(made.map((one) => one.cpuMs))]
  return {
    way: name,
    ms: ms.toFixed(1),
    'of pdfmake': (ms / median(pdfmake.map((one) => one.ms))).toFixed(2),
    'CPU ms': cpuMs.toFixed(1),
    'CPU of pdfmake': (cpuMs / median(pdfmake.map((one) => one.cpuMs))).toFixed(2),
    pages: /^Pages:\s+(\d+)/m.exec(info)?.[1] ?? '?',
    kB: (pdf.length / 1000).toFixed(0),
    tagged: /^Tagged:\s+(\w+)/m.exec(info)?.[1] ?? '?',
  }
}

async function turnByTurn(documents: Documents, peers: readonly Peer[]) {
  const ours: Ours[] = []
  const theirs = peers.map((): Made[] => [])
  for (let run = -WARM_UP_RUNS; run < RUNS; run += 1) {
    const made = await makeOurs(documents, run)
    if (run >= 0) ours.push(made)
    for (const [index, peer] of peers.entries()) {
      const other = await peer.make(plain, run)
      if (run >= 0) theirs[index]?.push(other)
    }
  }
  return { ours, theirs }
}

/** CPU time, for a start is over in less time than another program may take the core away. */
async function firstAndRest(): Promise<{ first: number[]; rest: number[]; startMs: number[] }> {
  const [first, rest, startMs]: [number[], number[], number[]] = [[], [], []]
  for (let start = 0; start < STARTS; start += 1) {
    const before = performance.now()
    const documents = await startDocuments()
    startMs.push(performance.now() - before)
    first.push((await makeOurs(documents, 0)).cpuMs)
    for (let run = 1; run <= RUNS_AFTER_START; run += 1) rest.push((await makeOurs(documents, run)).cpuMs)
    await documents.close()
  }
  return { first, rest, startMs }
}

installPeers()
const documents = await startDocuments()
const peers = [await startPeer('pdfmake'), await startPeer('typst')]
const { ours, theirs } = await turnByTurn(documents, peers)
for (const peer of peers) peer.close()
await documents.close()
const { first, rest, startMs } = await firstAndRest()

const [pdfmake = [], typst = []] = theirs
table([
  row('this project', ours, pdfmake),
  row('typst (native)', typst, pdfmake),
  row('pdfmake', pdfmake, pdfmake),
])
const loopMs = Math.max(...ours.map((one) => one.loopMs))
const ratio = median(ours.map(({ ms }) => ms)) / median(pdfmake.map(({ ms }) => ms))
const kilobytes = Math.max(...ours.map(({ pdf }) => pdf.length)) / 1000
const slow = percentile(rest, 0.9)
table([
  judged('part of pdfmake’s time', ratio, PART_OF_PDFMAKE),
  judged('kB', kilobytes, KILOBYTES_MAXIMUM),
  judged('CPU ms of the first paper after a start (bound: 9 of 10 later ones)', median(first), slow),
  judged('most ms that the asking thread worked for one paper', loopMs, LOOP_HELD_MAXIMUM_MS),
])
console.log(`start ${median(startMs).toFixed(0)} ms, ${RUNS} runs turn by turn, ${STARTS} starts`)

function judged(what: string, measured: number, bound: number) {
  const isKept = measured <= bound
  if (!isKept) process.exitCode = 1
  return { what, measured: measured.toFixed(2), bound: bound.toFixed(2), '': isKept ? 'kept' : 'BROKEN' }
}
