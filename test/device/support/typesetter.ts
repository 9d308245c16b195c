/** One thread that sets type for every device of this process: it is warm once, and each device has its own end of it. */
import { type Documents, DocumentsError, startDocuments } from '../../../device/documents/documents.ts'

/** Modules may be loaded anew for each test file; what they hang here stays as long as their process. */
const kept = globalThis as { window24Typesetter?: Promise<Documents> }

/** As `startDocuments`: after `close` nothing is set any more for whom this was, and what was asked for is rejected. */
export const shareTypesetter = async (): Promise<Documents> => {
  // A bench ends with its last device; only a runner ends its processes itself.
  if (process.env.VITEST === undefined) return await startDocuments()
  kept.window24Typesetter ??= startDocuments()
  const thread = await kept.window24Typesetter
  let open = true
  const closed = Promise.withResolvers<never>()
  // Often nobody is waiting for a paper when a device is closed.
  closed.promise.catch(() => {})
  const whileOpen =
    <Input, Made>(make: (input: Input) => Promise<Made>): ((input: Input) => Promise<Made>) =>
    async (input) =>
      await Promise.race(open ? [make(input), closed.promise] : [closed.promise])
  return {
    guidePdf: whileOpen(thread.guidePdf),
    paperPdf: whileOpen(thread.paperPdf),
    oneTimeNoticePdf: whileOpen(thread.oneTimeNoticePdf),
    slipPdf: whileOpen(thread.slipPdf),
    readinessPdf: whileOpen(thread.readinessPdf),
    testPdf: whileOpen(thread.testPdf),
    async close() {
      open = false
      closed.reject(new DocumentsError('closed', 'the device is stopping'))
    },
  }
}
