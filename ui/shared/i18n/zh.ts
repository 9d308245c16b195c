/** Words that every screen shares. The other languages have the same keys: a missing one does not compile. */
export const zh = {
  preferences: '显示方式',
  largeType: '大字',
  highContrast: '高对比',
  reach: '低位',
  sound: '语音',
  otherLanguage: 'English',
  starting: '正在启动',
  startingHint: '请稍等片刻',
  notAnswering: '这台机器暂时没有回应',
  notAnsweringHint: '正在重新连接，请稍等。等不到的话，请到旁边的机器或人工窗口办理。',
  cannotKeep: '现在记不下来，请先不要评价或办理',
  cannotKeepHint:
    '谢过您的都记好了；点过满意程度、还没有谢您的，可能也会算数。请到旁边的机器或人工窗口办理。',
  callForHelp: (phone: string) => `需要帮助请拨打 ${phone}`,
  previousPage: '上一页',
  nextPage: '下一页',
  pageOf: (page: number, pages: number) => `第 ${page} 页，共 ${pages} 页`,
}

export type Words = typeof zh
