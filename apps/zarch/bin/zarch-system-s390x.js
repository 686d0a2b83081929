#!/usr/bin/env node
import '../dist/system.js';
