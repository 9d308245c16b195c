/** Promise 5: after the end, nothing of a person is left in memory, on screen, disk, spool, browser or log. */
import { expect, it, onTestFinished } from 'vitest'
import { openNight } from './forgetting/night.ts'
import { type Planted, tracesIn, writingsOf } from './forgetting/traces.ts'

/** Of the demonstration's 沈阿素: what her card says, and what her papers do. */
const hers: Planted = {
  'the name': '沈阿素',
  'the number': '330099194802100481',
  'the address': '梅溪街道桂花弄3号',
}
const PHONE = '13900571204'
/** Her first paper's, which the page had to show a while before. */
const CASE = 'YX2026100318G3'
/** What the page has to know at the end; her name, number and address never come to it. */
const shown: Planted = { 'the masked name': '沈*', 'the phone': PHONE }
/** No sentence of the product's own: asked for by two spellings, each with its first word. */
const SPELLINGS = [
  ['yaoqian', '要钱'],
  ['huanghun', '黄昏'],
] as const

/** A terminal, its hall and a browser started, two thirds of a minute of touches, three heaps read twice. */
const ENOUGH_MS = 150_000

it('a planted name, number, phone and words are found nowhere once their owner has gone', {
  timeout: ENOUGH_MS,
}, async () => {
  const night = await openNight()
  onTestFinished(() => night.close())

  await night.dock({ type: 'place-card', person: 'shen' })
  await night.touch('最低生活保障申请')
  await night.touch(/收件凭证/)
  await night.sees('打印好了')
  await night.touch('返回')
  await night.touch(/受理通知书/)
  await night.seesView('printed')
  for (const page of ['case', 'papers', 'home']) {
    await night.touchSamePlace('返回')
    await night.seesView(page)
  }
  await night.touch('反映与评价')
  await night.touch('投诉')
  await night.touch('索要好处')
  await night.touch('还差一项：说说情况')
  await night.touch('写几句话')
  for (const [letters, word] of SPELLINGS) {
    for (const letter of letters) await night.touch(letter)
    await night.touch(word)
  }
  await night.touch('完成')
  await night.touch('写好了')
  await night.touchSamePlace('还差一项：署名还是匿名')
  await night.touch('署名')
  await night.dock({ type: 'lift-card' })
  await night.dock({ type: 'place-card', person: 'shen' })
  await night.sees('沈*')
  await night.touch('填电话')
  for (const digit of PHONE) await night.touch(digit)
  await night.touch('完成')
  const words = SPELLINGS.map(([, word]) => word).join('')
  const planted: Planted = { ...hers, ...shown, 'the case': CASE, 'her words': words }
  const inPage = await night.inPage(planted)
  await night.touch('写好了')
  await night.touchSamePlace('交给大厅')
  await night.seesView('feedback-kept')
  await night.touchSamePlace('结束')
  await night.seesView('ending')
  await night.dock({ type: 'lift-card' })
  await night.seesView('rest')

  // What is looked for was there, and is found where it is.
  for (const what of Object.keys(shown)) expect(inPage.join()).toContain(what)
  for (const what of Object.keys(hers)) expect(inPage.join()).not.toContain(what)
  const { places, found } = await night.inMemory(planted)
  expect(places).toEqual(['device', 'worker 1', 'page', 'screen'])
  expect(found).toEqual([])
  // Three bytes stand by chance in files of random ones; the whole name is looked for there all the same.
  const { 'the masked name': _masked, ...longer } = planted
  expect(await night.onDisk(longer)).toEqual([])
})

it('finds a text in each way in which it could have been written down', () => {
  const writings = writingsOf('沈阿素')
  for (const { writing, bytes } of writings) {
    const around = Buffer.concat([Buffer.from('...'), bytes, Buffer.from('...')])
    expect(tracesIn(around, { 'the name': '沈阿素' })).toContain(`the name in ${writing}`)
  }
  for (const before of ['', 'a', 'ab']) {
    const sealed = Buffer.from(Buffer.from(`${before}沈阿素。`).toString('base64url'))
    expect(tracesIn(sealed, { 'the name': '沈阿素' })).not.toEqual([])
  }
})
