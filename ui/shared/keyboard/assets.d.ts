declare module '*.txt?url' {
  const address: string
  // biome-ignore lint/style/noDefaultExport: this is how a bundler gives an address
  export default address
}

declare module 'window24:pinyin.txt' {
  const address: string
  // biome-ignore lint/style/noDefaultExport: this is how a bundler gives an address
  export default address
}
