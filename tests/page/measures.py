"""What is measured of a page: text too weak to be read, and controls without a name."""

from __future__ import annotations

from playwright.sync_api import Page

CONTRAST = """() => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    const paint = canvas.getContext('2d', { willReadFrequently: true });
    const rgba = colour => {
        paint.clearRect(0, 0, 1, 1);
        paint.fillStyle = colour;
        paint.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = paint.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] + under[i] * (1 - top[3]));
    const ground = node => {
        const layers = [];
        for (let at = node; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
        const base = rgba(getComputedStyle(document.body).backgroundColor).slice(0, 3);
        return layers.reverse().reduce((under, top) => over(top, under), base);
    };
    const light = rgb => {
        const [r, g, b] = rgb.map(c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const weak = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        const node = text.parentElement;
        if (!text.textContent.trim() || !node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        if (node.closest(':disabled, .unseen, [aria-hidden=true], noscript, .emoji, svg, [aria-busy=true]')) continue;
        const style = getComputedStyle(node);
        const under = ground(node);
        const ink = over(rgba(style.color), under);
        const [a, b] = [light(ink), light(under)].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
        if (ratio < (large ? 3 : 4.5)) weak.push(`${ratio.toFixed(2)} ${node.className} “${text.textContent.trim().slice(0, 30)}”`);
    }
    return weak;
}"""

NAMELESS = """() => [...document.querySelectorAll('button, a[href], input, textarea, [role=button], [role=tab], [role=option], dialog')]
    .filter(node => node.checkVisibility())
    .filter(node => {
        const labelled = node.getAttribute('aria-labelledby');
        const words = node.getAttribute('aria-label') || (labelled && document.getElementById(labelled)?.textContent)
            || (node.labels && [...node.labels].map(label => label.textContent).join('')) || node.textContent;
        return !words.trim();
    }).map(node => node.outerHTML.slice(0, 160))"""


def weak(page: Page) -> list[str]:
    """Text that is too weak where the system is light, and where it is dark."""
    found: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") == (scheme == "dark")
        found.extend(f"{scheme}: {each}" for each in page.evaluate(CONTRAST))
    return found
