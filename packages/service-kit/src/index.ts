export type { Component } from './component.js';
