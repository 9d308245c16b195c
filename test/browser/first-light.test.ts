import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, startBrowserBench } from './bench.ts'

/** UX.md: the thanks and the neutral page pass by themselves. */
const BACK_AT_REST_MS = 15_000
/** DOMAIN.md §2: reported at once when the line is up. */
const AT_ONCE_MS = 2_000
const AFTER_THE_LINE_IS_BACK_MS = 5_000

let bench: Bench
beforeAll(async () => {
  bench = await startBrowserBench()
})
afterAll(() => bench?.close())

/** The codes that a phone would find on a picture of a paper. */
const codesOn = (picture: Buffer): string[] => {
  const path = join(tmpdir(), `codes-${process.pid}.png`)
  writeFileSync(path, picture)
  const found = execFileSync('zbarimg', ['--quiet', path], { encoding: 'utf8' })
  return found.trim().split('\n').sort()
}

describe('a citizen at night', () => {
  it('puts a card on the reader, is greeted, finds a case and takes its receipt along', async () => {
    const { terminal, dock, until } = bench
    await dock({ type: 'place-card', person: 'zhang' })
    await terminal.getByText('张*').first().waitFor()
    expect(await terminal.getByText('张小雨').count()).toBe(0)

    await terminal.getByRole('button', { name: /普通护照申领/ }).tap()
    await terminal.getByRole('button', { name: /回执|收件凭证/ }).first().tap()
    const { receipts } = await until('a receipt comes out', (state) => state.receipts.length === 1, 20_000)
    const picture = await fetch(`${bench.dockUrl}${receipts[0]?.url}`)
    const codes = codesOn(Buffer.from(await picture.arrayBuffer()))
    expect(codes).toEqual(['CODE-128:YX2026110007K3', 'QR-Code:YX2026110007K3'])
  })
})
