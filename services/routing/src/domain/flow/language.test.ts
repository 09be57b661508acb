import { languageOf } from './language.js';

it.each([
  ['こんにちは', '', 'ja'],
  ['LINE で予約したい', '', 'ja'],
  ['予約', 'JP', 'ja'],
  ['预约', '', 'zh'],
  ['안녕하세요', '', 'ko'],
  ['مرحبا', '', 'ar'],
  ['Привет', '', 'ru'],
  ['สวัสดี', '', 'th'],
  ['नमस्ते', '', 'hi'],
  ['Γεια', '', 'el'],
  ['Bom dia', 'BR', ''],
  ['my name is Анна', '', ''],
  ['👍 123 …', 'JP', ''],
  ['', 'JP', ''],
])('CH-2 the script of %j from %j tells the language %j', (text, country, language) => {
  expect(languageOf(text, country)).toBe(language);
});
