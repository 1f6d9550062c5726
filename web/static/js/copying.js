/** Texts that are handed on from a page of the office: copied with one tap, as on phones. */

import { watchTexts } from "./app/copying.js";

watchTexts();
