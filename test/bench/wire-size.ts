/**
 * How many bytes an event of demo ratings is on the wire, in full batches without sealed identities, packed as the
 * device packs them; other packings of the same bytes beside it. Exit 1 when it is over its bound.
 *
 *   node scripts/run.js test/bench/wire-size.ts
 */
import { constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { batchBytes, encodeBatch, MAX_BATCH_EVENTS } from '../../sync/protocol/batch.ts'
import { demoChain } from './delivery/ratings.ts'

const BATCHES = 10
/** Of these 42 are the hash and the random part of the id, which nothing can shrink. */
const LIMIT_BYTES = 120

const events = [...demoChain('P-0571-0012', BATCHES * MAX_BATCH_EVENTS)].map(({ text }) => text)
const batches = Array.from({ length: BATCHES }, (_, index) => {
  return events.slice(index * MAX_BATCH_EVENTS, (index + 1) * MAX_BATCH_EVENTS)
})
const bodies = batches.map((texts) => Buffer.from(`[${texts.join(',')}]`))
const zstd = (level: number) => (body: Buffer) =>
  zstdCompressSync(body, { params: { [constants.ZSTD_c_compressionLevel]: level } })

function row(name: string, sizes: readonly number[], ms: number | null): number {
  const perEvent = sizes.reduce((sum, size) => sum + size, 0) / events.length
  const time = ms === null ? '' : `${((ms / events.length) * 1000).toFixed(2)} µs`
  process.stdout.write(
    `${name.padEnd(28)} ${perEvent.toFixed(1).padStart(8)} bytes an event  ${time.padStart(9)}\n`,
  )
  return perEvent
}

const timed = (name: string, pack: (body: Buffer) => Uint8Array): void => {
  for (const body of bodies) pack(body)
  const begun = performance.now()
  const sizes = bodies.map((body) => pack(body).byteLength)
  row(name, sizes, performance.now() - begun)
}

row('as they are', batches.map(batchBytes), null)
timed('gzip, level 1', (body) => gzipSync(body, { level: 1 }))
timed('gzip, level 6', (body) => gzipSync(body, { level: 6 }))
for (const level of [1, 3, 5]) timed(`zstd, level ${level}`, zstd(level))
const sent = row(
  'as the device sends them',
  batches.map((texts) => encodeBatch(texts).body.byteLength),
  null,
)
process.stdout.write(`bound ${LIMIT_BYTES}: ${sent <= LIMIT_BYTES ? 'holds' : 'BROKEN'}\n`)
process.exitCode = sent <= LIMIT_BYTES ? 0 : 1
