import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it, vi } from 'vitest'
import { describeTrouble } from '../../../device/log.ts'
import { testFolder } from '../../sync/support/folder.ts'

/** As a new process would open it: a folder has one book in each. */
const openBook = async (dataDir: string) => {
  vi.resetModules()
  const { logBookIn } = await import('../../../device/health/log-book.ts')
  const book = logBookIn(dataDir)
  return { book, logger: pino({ base: null }, { write: (line: string) => book.write(line) }) }
}

it('what was said before a crash is there at the next start, but for a line cut in half', async () => {
  const dataDir = testFolder()
  const { logger } = await openBook(dataDir)
  logger.warn({ reason: 'timeout' }, 'the line to the hall')
  logger.error({ code: 'store' }, 'there is no room on its disk')
  appendFileSync(join(dataDir, 'log', 'device.log'), '{"at":"2026-11-2')
  const { book } = await openBook(dataDir)
  expect(book.lines().map(({ level, code, text }) => [level, code, text])).toEqual([
    ['warn', 'timeout', 'the line to the hall (timeout)'],
    ['error', 'store', 'there is no room on its disk'],
  ])
  expect(statSync(join(dataDir, 'log', 'device.log')).mode & 0o077).toBe(0)
})

it('nothing of a person gets in, whatever a line carries', async () => {
  const dataDir = testFolder()
  const { logger, book } = await openBook(dataDir)
  const number = '330099199003072318'
  logger.error({ user: { name: '张小雨', idNumber: number }, text: '办得太慢' }, 'a card was read')
  logger.error(describeTrouble(new Error(`张小雨 ${number}`)), 'something went wrong that should not')
  logger.info(`asked for ${number} and 13800000000`)
  const everything = JSON.stringify(book.lines()) + readFileSync(join(dataDir, 'log', 'device.log'), 'utf8')
  expect(everything).toContain('a card was read')
  for (const personal of ['张小雨', number, '办得太慢', '13800000000'])
    expect(everything).not.toContain(personal)
})

it('however much is said, two small files and the newest lines are all that is kept', async () => {
  const dataDir = testFolder()
  const { logger, book } = await openBook(dataDir)
  for (let at = 0; at < 3_000; at += 1) logger.info({ line: 'up' }, `the line to the hall ${at}`)
  expect(book.lines()).toHaveLength(500)
  expect(book.lines().at(-1)?.text).toContain('2999')
  const folder = join(dataDir, 'log')
  expect(readdirSync(folder).sort()).toEqual(['device.log', 'device.log.1'])
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThan(130 * 1024)
  const again = (await openBook(dataDir)).book.lines()
  expect(again).toEqual(book.lines())
})

it('a device that was retired has nothing to say of its life before', async () => {
  const dataDir = testFolder()
  const { logger, book } = await openBook(dataDir)
  logger.info('before')
  rmSync(join(dataDir, 'log'), { recursive: true })
  logger.info('after')
  expect(book.lines().map(({ text }) => text)).toEqual(['after'])
  expect(existsSync(join(dataDir, 'log', 'device.log'))).toBe(true)
})
