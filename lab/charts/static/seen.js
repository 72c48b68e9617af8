// Asks once for what is costly to make, when the place where it will stand comes into sight.
(function (Lab) {
  "use strict";

  // wants(true): ask when `root` is seen; wants(false): it is there. Nobody to ask: nothing happens.
  Lab.askWhenSeen = function (root, ask) {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      ask();
    }, { rootMargin: "300px" });
    return (wanted) => {
      observer.disconnect();
      if (wanted) observer.observe(root);
    };
  };
})((window.Lab = window.Lab || {}));
