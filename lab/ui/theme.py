"""The page's look: system fonts, one accent, generous space."""

from __future__ import annotations

from typing import Any

import gradio as gr

FONTS = ["system-ui", "Pretendard", "Noto Sans KR", "Apple SD Gothic Neo", "sans-serif"]
MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]

CSS = """
.gradio-container { max-width: 1440px !important; }
footer, .nav-holder { display: none; } /* the header has the links; gradio's bar names no language */
:lang(ko) { word-break: keep-all; overflow-wrap: break-word; }
#title h1 { font-size: 26px; font-weight: 650; margin: 0; }
#title p { margin: 2px 0 0; color: var(--body-text-color-subdued); }
.lab-stack .wrap { flex-direction: column; align-items: stretch; gap: 0; }
.lab-stack .wrap label { padding: 4px 8px; font-size: 13px; font-variant-numeric: tabular-nums; border: 0; background: transparent; box-shadow: none; }
.lab-stack .wrap label span { white-space: normal; text-align: left; }
#sidebar .sidebar-content, #sidebar .column { gap: 10px; }
#sidebar .block, #sidebar .form { border: 0; box-shadow: none; background: transparent; }
#sidebar .block { padding: 2px 4px; }
#sidebar .block-title, #sidebar span[data-testid="block-info"] { color: var(--body-text-color); font-weight: 600; }
#sidebar input[role="listbox"], #sidebar input[role="combobox"] { text-overflow: ellipsis; padding-right: 28px; }
#run-bar { position: sticky; bottom: -24px; z-index: 50; gap: 2px; padding: 8px 0 24px; margin-bottom: -24px;
  background: var(--background-fill-secondary) !important; border-top: 1px solid var(--border-color-primary); }
#corner { align-items: flex-end; gap: 0; flex-grow: 0 !important; } #device { text-align: right; }
#switch nav { display: flex; align-items: center; justify-content: flex-end; gap: 12px; font-size: 13px; white-space: nowrap; }
#switch a, #switch button { color: var(--body-text-color-subdued); } #switch a:hover, #switch button:hover { color: var(--body-text-color); }
#switch b { font-weight: 600; } #switch button { font-size: 17px; line-height: 1; padding: 4px 6px; cursor: pointer; }
.lab-info p { font-size: 12px; color: var(--body-text-color-subdued); margin: 0; }
.lab-section h3 { margin: 28px 0 2px; font-size: 15px; font-weight: 650; }
button.primary { color: white; }
@media (max-width: 640px) { .gradio-container { padding: 0 8px !important; } #title h1 { font-size: 22px; }
  #tabs .tab-container button { padding: 8px 6px; font-size: 12.5px; } #device { text-align: left; } #corner { align-items: flex-start; } #switch nav { justify-content: flex-start; } #header { flex-direction: column; gap: 0; }
  #title { padding-left: 14px !important; } #device, #switch { padding-left: 2px !important; } }
"""  # noqa: E501 (one rule a line reads better)


# On a phone the sidebar lies over the page: it folds away once the page is there, and when a run
# begins, so that what there is to see is seen.
FOLD_ON_PHONES = """() => {
  const toggle = document.querySelector("#sidebar.open .toggle-button");
  if (window.innerWidth < 768 && toggle) toggle.click();
}"""


def make_theme() -> Any:
    """Gradio's plain theme in the lab's accent."""
    accent = gr.themes.Color(
        name="accent",
        c50="#f4f2fe",
        c100="#e6e2fd",
        c200="#cfc8fa",
        c300="#b1a6f4",
        c400="#8d7eea",
        c500="#6e5ee0",
        c600="#5b4bd6",
        c700="#4b3cb8",
        c800="#3d3294",
        c900="#332b76",
        c950="#201a4c",
    )
    return gr.themes.Default(
        primary_hue=accent,
        secondary_hue=accent,
        neutral_hue="slate",
        radius_size="md",
        font=FONTS,
        font_mono=MONO,
    ).set(
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        block_border_width="0px",
        block_shadow="none",
    )
