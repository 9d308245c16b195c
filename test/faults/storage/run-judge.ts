/** The judge's process: mounts, checks, unmounts. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { check, words } from './check.ts'
import { type Disk, mountCopy } from './disk.ts'
import { type Findings, isClean, noFindings } from './findings.ts'
import type { Case } from './judge.ts'

async function judge(one: Case): Promise<Findings> {
  let disk: Disk | null = null
  try {
    if (one.image !== null) disk = mountCopy(one.image, join(one.scratch, 'mounted'))
    const root = disk?.folder ?? ''
    return await check({
      device: one.deviceOnImage ? join(root, one.device) : one.device,
      hall: one.hallOnImage ? join(root, one.hall) : one.hall,
      enrolmentCode: one.enrolmentCode,
      ledger: one.ledger,
      drainMs: one.drainMs,
    })
  } catch (error) {
    return { ...noFindings(), other: [`it cannot be judged: ${words(error)}`] }
  } finally {
    disk?.unmount()
  }
}

let queue: Promise<void> = Promise.resolve()
process.on('message', (one: Case) => {
  queue = queue.then(async () => {
    const findings = await judge(one)
    if (isClean(findings)) rmSync(one.scratch, { recursive: true, force: true })
    process.send?.({ id: one.id, findings })
  })
})
