// The items whose text holds what was typed, however it is written: case, width and Korean's two
// spellings of a syllable make no difference.
(function (Lab) {
  "use strict";

  const folded = (text) => text.normalize("NFKC").toLowerCase().trim();

  Lab.findTexts = function (texts, words) {
    const wanted = folded(words);
    return wanted ? texts.flatMap((text, i) => (folded(text).includes(wanted) ? [i] : [])) : [];
  };
})((window.Lab = window.Lab || {}));
