/** 支持包：一份文本，先看全文，再带走。 */
export const bundleZh = {
  title: '支持包',
  hint: '发给软件技术支持的一份文本：日志、配置（不含密码和令牌）、计数、故障和检查结果。里面没有任何人的姓名和号码。先看全文，再决定带不带走。',
  make: '生成支持包',
  again: '重新生成',
  made: (when: string, kilobytes: string) => `${when} 生成，${kilobytes} KB`,
  reading: '正在读取全文',
  unread: '全文读不出来。重新生成一次。',
  text: '全文',
  discard: '不要了',
}

export type BundleWords = typeof bundleZh
