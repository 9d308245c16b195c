/**
 * What is spoken: one clip for each key. Nothing of a person is ever among it: names, cases and what somebody wrote
 * have no key. The other languages have the same keys: a missing one does not compile.
 */
export const zh = {
  'choose-service': '请选择您要办的事。',
  'present-card': '请把身份证平放在读卡区。',
  'present-code': '请把回执上的条码对准扫码窗。',
  'present-both': '请放上身份证，或者扫回执上的条码。',
  'unreadable-card': '这张卡没有读出来，请拿起来再放一次。',
  'unknown-code': '这个码不是回执上的条码，请看屏幕上的说明。',
  'card-read': '身份证读好了，可以收起来。正在查询，请稍等。',
  'code-read': '条码读好了。正在查询，请稍等。',
  'please-wait': '请稍等。',
  'not-found': '没有查到，请看屏幕上的说明。',
  'line-down': '现在连不上大厅，请看屏幕上的说明。',
  'look-at-screen': '请看屏幕上的说明。',

  printing: '正在打印，请稍等。',
  'take-a4': '打印好了，请从出纸口取走材料。',
  'take-receipt': '打印好了，请取走小票。',
  'check-tray': '请看看出纸口，材料可能已经出来。',
  'print-failed': '没有打印成功，请看屏幕上的说明。',

  'ticket-number': '您的号码是',
  'enter-number': '请在屏幕上输入号码。',
  'write-words': '请在屏幕上写，也可以选现成的词。',
  'kept-safely': '已经收好，谢谢您。',

  'rate-service': '这次办事，您觉得怎么样？请在屏幕上选择。',
  thanks: '谢谢您。',

  'idle-warning': '您还在吗？还要用，请触摸屏幕。',
  ending: '请带好您的东西。',
  'ending-card': '请取走您的身份证。',
}

export type SpokenKey = keyof typeof zh
