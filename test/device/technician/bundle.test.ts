/** The support bundle holds nobody: what was planted wherever a device keeps something cannot be found in it. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { logBookIn } from '../../../device/health/log-book.ts'
import type { BundleState } from '../../../device/http/contract/setup.ts'
import { createLogger, describeTrouble, type Logger } from '../../../device/log.ts'
import { deviceJson, startTestHall, temporaryFolder, WINDOW_TOKEN, windowRequest } from '../support/house.ts'
import { openPad } from '../support/screen.ts'
import { comeIn, PIN, type Running, runDevice } from './support/running.ts'

let parts: AsyncDisposableStack

beforeEach(() => {
  parts = new AsyncDisposableStack()
})
afterEach(() => parts.disposeAsync())

/** Invented; the identity number passes its check and belongs to nobody. */
const PLANTED = {
  name: '欧阳夜窗',
  number: '330099199003070012',
  phone: '13912345678',
  caseNo: 'YX20269911223344',
  words: '窗口的司徒晚舟态度不好',
  deviceName: '诸葛守夜的机器',
  window: '慕容厅7',
  tokenName: '上官系统',
  folderOf: 'zhangsan',
  host: 'lisi-laptop',
  unknownKey: 'wangwu',
  enrolmentCode: '',
}

const forms = (text: string): Buffer[] => {
  const utf8 = Buffer.from(text)
  const shifted = [0, 1, 2].map((by) => {
    const encoded = Buffer.concat([Buffer.alloc(by), utf8])
      .toString('base64')
      .replaceAll('=', '')
    // The characters at both ends hang on what stands beside.
    return Buffer.from(encoded.slice(by === 0 ? 0 : by + 1, -2))
  })
  return [
    utf8,
    Buffer.from(text, 'utf16le'),
    Buffer.from(text, 'utf16le').swap16(),
    iconv.encode(text, 'gb18030'),
    Buffer.from(utf8.toString('hex')),
    Buffer.from(JSON.stringify(text).slice(1, -1)),
    Buffer.from([...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')),
    ...shifted,
  ]
}

const found = (bundle: Buffer, planted: Record<string, string>): string[] =>
  Object.entries(planted)
    .filter(([, text]) => text !== '' && forms(text).some((form) => bundle.includes(form)))
    .map(([what]) => what)

const bundleOf = async (running: Running): Promise<{ state: BundleState; bytes: Buffer }> => {
  const { rooms } = await running.done({ room: 'bundle', action: { type: 'make' } })
  if (rooms?.bundle === undefined || rooms.bundle.made === null) throw new Error('no bundle was made')
  const response = await fetch(`${running.origin}/api/setup/files/${rooms.bundle.made.file}`)
  return { state: rooms.bundle, bytes: Buffer.from(await response.arrayBuffer()) }
}

/** A pad of a real hall at whose window all of it was said, typed, configured and thrown. */
const plantedPad = async (): Promise<{
  running: Running
  logger: Logger
  planted: Record<string, string>
}> => {
  const hall = await startTestHall(parts)
  const folder = await temporaryFolder(parts)
  const papers = join(folder, PLANTED.folderOf)
  await mkdir(papers)
  const enrolmentCode = hall.createEnrolmentCode()
  const json = deviceJson({
    role: 'pad',
    hallUrl: hall.url,
    enrolmentCode,
    peripherals: {
      pagePrinter: { driver: 'directory', port: `dir:${papers}` },
      receiptPrinter: { driver: 'escpos', profile: 'generic-80', port: `tcp://${PLANTED.host}.invalid:9100` },
    },
  })
  const whole = {
    ...json,
    device: { name: PLANTED.deviceName, window: PLANTED.window },
    window: {
      listen: '127.0.0.1:0',
      tokens: [{ name: PLANTED.tokenName, token: WINDOW_TOKEN, origins: [] }],
    },
  }
  await writeFile(join(folder, 'device.json'), JSON.stringify(whole))
  const logger = createLogger(logBookIn(join(folder, 'data')))
  const running = await runDevice(parts, { folder, logger })
  await comeIn(running)
  await running.until(({ rooms }) => rooms?.device?.hall.deviceId != null)
  await running.done({ room: 'access', action: { type: 'leave' } })

  const pad = await openPad(running.origin)
  parts.defer(() => pad.close())
  const windowUrl = running.windowUrl()
  const asked = await windowRequest({ windowUrl }, 'POST', '/evaluations', {
    caseNo: PLANTED.caseNo,
    itemCode: '11330099MB0A00010R3000101010000',
    itemName: '普通护照申领',
    user: { type: '1', name: PLANTED.name, idType: '111', idNumber: PLANTED.number, phone: PLANTED.phone },
  })
  expect(asked.status).toBe(201)
  const { view } = await pad.untilView('asking')
  const { evaluationId } = view
  await pad.act({ type: 'choose-level', evaluationId, level: 'dissatisfied' })
  await pad.act({ type: 'open-words', evaluationId })
  await pad.act({ type: 'close-words', evaluationId, words: PLANTED.words })
  await pad.act({ type: 'finish', evaluationId, labels: [], comment: null })

  const thrown = new Error(`${PLANTED.name} ${PLANTED.number} ${PLANTED.phone}`)
  logger.error({ ...describeTrouble(thrown), name: PLANTED.name, detail: thrown.message }, 'a defect')
  logger.warn(`the folder /home/${PLANTED.folderOf}/papers cannot be written, ${PLANTED.number}`)
  await running.done({ room: 'access', action: { type: 'enter', pin: PIN } })
  return { running, logger, planted: { ...PLANTED, enrolmentCode, token: WINDOW_TOKEN, pin: PIN } }
}

it('promise 5: nothing of a person, and no secret, is in a support bundle', async () => {
  const { running, planted } = await plantedPad()
  const { bytes, state } = await bundleOf(running)
  expect(found(bytes, planted)).toEqual([])
  const text = bytes.toString()
  expect(text).not.toMatch(/\$scrypt\$|"d":|BEGIN (?:PRIVATE|CERTIFICATE)/)

  // It says what a developer needs all the same.
  expect(state.made?.parts).toContain('log')
  for (const part of ['==== log ====', 'a defect', 'generic-80', 'migrations', '"head"', '[kept back]'])
    expect(text).toContain(part)
})

it('finds what is planted in the text itself, in each of the forms that are looked for', async () => {
  for (const [what, planted] of Object.entries({ ...PLANTED, pin: PIN }))
    for (const form of forms(planted).filter(() => planted !== ''))
      expect(found(Buffer.concat([Buffer.from('a '), form, Buffer.from(' b')]), { [what]: planted })).toEqual(
        [what],
      )
})

it('is shown to the letter as it is saved, and gone when nobody is in any more', async () => {
  const running = await runDevice(parts)
  await comeIn(running)
  expect(await running.refused({ room: 'bundle', action: { type: 'save', stick: 'sdz9' } })).toBe(
    'bundle-first',
  )
  const { state, bytes } = await bundleOf(running)
  expect(bytes.length).toBe(state.made?.bytes)
  expect(await running.refused({ room: 'bundle', action: { type: 'save', stick: 'sdz9' } })).toBe(
    'stick-gone',
  )
  await running.done({ room: 'access', action: { type: 'leave' } })
  const gone = await fetch(`${running.origin}/api/setup/files/${state.made?.file}`)
  expect(gone.status).not.toBe(200)
  await gone.body?.cancel()
})
