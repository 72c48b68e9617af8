// Joins one of the lab's charts to gradio: draws the value now and at every update. The value goes
// to the chart as data; the template never changes, so gradio never touches what the chart has drawn.
// NAME and EVENTS are set by base.py; gradio finds the events by their quoted names.
const NAME = "$name";
const EVENTS = $events;
const root = element.querySelector(".lab-chart");
const styled = [...document.querySelectorAll("link[rel=stylesheet]")]
  .filter((link) => link.href.includes("lab-static/") && !link.sheet)
  .map((link) => new Promise((done) => { link.onload = link.onerror = done; }));
Promise.all(styled).then(() => {
  const send = (name, data) => { if (EVENTS.includes(name)) trigger(name, data); };
  const chart = window.Lab[NAME](root, send);
  const draw = () => {
    const value = props.value;
    chart.update(value);
    if (!value && props.empty) window.Lab.empty(root, props.empty);
    root.dataset.state = value ? "drawn" : "empty";
  };
  watch(["value", "empty"], draw);
  draw();
});
