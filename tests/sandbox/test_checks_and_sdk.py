"""The checks beside Slack's own SDK: whatever its models write is taken, and their limits are the same."""

from __future__ import annotations

from typing import Any

from slack_sdk.models import blocks as sdk
from slack_sdk.models.blocks import basic_components as parts
from slack_sdk.models.blocks import block_elements as inner
from slack_sdk.models.blocks import blocks as outer
from slack_sdk.models.views import View

from copbot.sandbox import limits
from copbot.sandbox.blocks import check_blocks
from copbot.sandbox.views import check_view
from tests.rows import for_each

CONFIRM = sdk.ConfirmObject(title="Sure?", text="It is sent.", confirm="Send", deny="Wait")
OPTIONS = [sdk.Option(value=f"v{i}", text=f"Option {i}", description="More") for i in range(3)]
MENU: dict[str, Any] = {"placeholder": "Pick", "confirm": CONFIRM, "focus_on_load": False}

IN_ACTIONS = [
    sdk.ButtonElement(
        text="Take", action_id="a", value="v", style="primary", confirm=CONFIRM, url="https://a.org"
    ),
    sdk.OverflowMenuElement(action_id="a", options=OPTIONS, confirm=CONFIRM),
    sdk.StaticSelectElement(action_id="a", options=OPTIONS, initial_option=OPTIONS[1], **MENU),
    sdk.StaticSelectElement(
        action_id="a", option_groups=[sdk.OptionGroup(label="G", options=OPTIONS)], **MENU
    ),
    sdk.StaticMultiSelectElement(
        action_id="a", options=OPTIONS, initial_options=OPTIONS[:2], max_selected_items=2, **MENU
    ),
    sdk.ExternalDataSelectElement(
        action_id="a", min_query_length=2, initial_option=OPTIONS[0], placeholder="Pick"
    ),
    sdk.ExternalDataMultiSelectElement(action_id="a", min_query_length=2, initial_options=OPTIONS, **MENU),
    sdk.UserSelectElement(action_id="a", initial_user="U123", **MENU),
    sdk.UserMultiSelectElement(action_id="a", initial_users=["U123"], **MENU),
    sdk.ChannelSelectElement(action_id="a", initial_channel="C123", response_url_enabled=True, **MENU),
    sdk.ChannelMultiSelectElement(action_id="a", initial_channels=["C123"], **MENU),
    sdk.ConversationSelectElement(
        action_id="a", filter=sdk.ConversationFilter(include=["im"], exclude_bot_users=True), **MENU
    ),
    sdk.ConversationMultiSelectElement(action_id="a", default_to_current_conversation=True, **MENU),
    sdk.CheckboxesElement(action_id="a", options=OPTIONS, initial_options=OPTIONS, confirm=CONFIRM),
    sdk.RadioButtonsElement(action_id="a", options=OPTIONS, initial_option=OPTIONS[2], confirm=CONFIRM),
    sdk.DatePickerElement(action_id="a", initial_date="2026-01-31", **MENU),
    sdk.TimePickerElement(action_id="a", initial_time="09:30", timezone="America/Chicago", **MENU),
    sdk.DateTimePickerElement(action_id="a", initial_date_time=1_700_000_000, confirm=CONFIRM),
]
DISPATCH = parts.DispatchActionConfig(trigger_actions_on=["on_enter_pressed"])
IN_INPUT = [
    inner.PlainTextInputElement(
        action_id="a",
        placeholder="Say",
        initial_value="x",
        multiline=True,
        min_length=1,
        max_length=9,
        dispatch_action_config=DISPATCH,
    ),
    inner.EmailInputElement(action_id="a", initial_value="kim@example.org", placeholder="Mail"),
    inner.UrlInputElement(action_id="a", initial_value="https://example.org", placeholder="Page"),
    inner.NumberInputElement(
        action_id="a", is_decimal_allowed=True, initial_value="1", min_value="0", max_value="2"
    ),
    inner.FileInputElement(action_id="a", filetypes=["pdf"], max_files=3),
    inner.RichTextInputElement(action_id="a", placeholder="Write", dispatch_action_config=DISPATCH),
]
RUNS = inner.RichTextElementParts
RICH = sdk.RichTextBlock(
    elements=[
        inner.RichTextSectionElement(
            elements=[
                RUNS.Text(text="Hello ", style=RUNS.TextStyle(bold=True, italic=True)),
                RUNS.User(user_id="U1"),
                RUNS.Link(url="https://example.org", text="there"),
                RUNS.Emoji(name="wave"),
                RUNS.Broadcast(range="here"),
                RUNS.Date(timestamp=1_700_000_000, format="{date}", fallback="then"),
            ]
        ),
        inner.RichTextListElement(
            style="bullet", indent=0, border=0, elements=[inner.RichTextSectionElement(elements=[])]
        ),
        inner.RichTextQuoteElement(elements=[RUNS.Text(text="x")]),
        inner.RichTextPreformattedElement(elements=[RUNS.Text(text="x")], border=1),
    ]
)
PICTURE = sdk.ImageElement(image_url="https://example.org/a.png", alt_text="A picture")
WHOLE = [
    sdk.SectionBlock(text="*Words*", fields=["one", "two"], accessory=PICTURE, expand=True, block_id="b"),
    sdk.HeaderBlock(text="Words"),
    sdk.DividerBlock(),
    sdk.ContextBlock(elements=[sdk.MarkdownTextObject(text="x", verbatim=True), PICTURE]),
    sdk.ImageBlock(image_url="https://example.org/a.png", alt_text="A picture", title="A title"),
    RICH,
    outer.MarkdownBlock(text="**x**"),
    outer.TableBlock(
        rows=[[{"type": "raw_text", "text": "x"}]],
        column_settings=[parts.TableBlockColumnSettings(align="right")],
    ),
]


def name(model: object) -> str:
    return type(model).__name__


@for_each("element", IN_ACTIONS, ids=name)
def test_elements_the_sdk_writes_are_taken(element: Any) -> None:
    assert check_blocks([sdk.ActionsBlock(elements=[element]).to_dict()], "message") == []


@for_each("element", IN_INPUT, ids=name)
def test_inputs_the_sdk_writes_are_taken(element: Any) -> None:
    assert (
        check_blocks([sdk.InputBlock(label="Label", hint="Hint", element=element).to_dict()], "modal") == []
    )


@for_each("block", WHOLE, ids=name)
def test_blocks_the_sdk_writes_are_taken(block: Any) -> None:
    assert check_blocks([block.to_dict()], "message") == []


def test_a_view_the_sdk_writes_is_taken() -> None:
    view = View(
        type="modal",
        title="Ask",
        submit="Send",
        close="Cancel",
        callback_id="ask",
        private_metadata="x",
        notify_on_close=True,
        blocks=[sdk.InputBlock(label="Label", element=IN_INPUT[0])],
    )
    assert check_view(view.to_dict(), kind="modal") is None
    assert check_view(View(type="home", blocks=[sdk.DividerBlock()]).to_dict(), kind="home") is None


SAME = [
    (limits.SECTION_TEXT, sdk.SectionBlock.text_max_length),
    (limits.SECTION_FIELDS, sdk.SectionBlock.fields_max_length),
    (limits.HEADER_TEXT, sdk.HeaderBlock.text_max_length),
    (limits.CONTEXT_ELEMENTS, sdk.ContextBlock.elements_max_length),
    (limits.ACTIONS_ELEMENTS, sdk.ActionsBlock.elements_max_length),
    (limits.INPUT_LABEL, sdk.InputBlock.label_max_length),
    (limits.INPUT_HINT, sdk.InputBlock.hint_max_length),
    (limits.IMAGE_TITLE, sdk.ImageBlock.title_max_length),
    (limits.ALT_TEXT, sdk.ImageBlock.alt_text_max_length),
    (limits.URL, sdk.ImageBlock.image_url_max_length),
    (limits.MARKDOWN_TEXT, outer.MarkdownBlock.text_max_length),
    (limits.BUTTON_TEXT, sdk.ButtonElement.text_max_length),
    (limits.BUTTON_VALUE, sdk.ButtonElement.value_max_length),
    (limits.AGENT_PROMPT, sdk.ButtonElement.agent_prompt_max_length),
    (limits.OPTION_TEXT, sdk.Option.label_max_length),
    (limits.OPTION_VALUE, sdk.Option.value_max_length),
    (limits.GROUP_LABEL, sdk.OptionGroup.label_max_length),
    (limits.OPTIONS, sdk.OptionGroup.options_max_length),
    (limits.OPTION_GROUPS, sdk.StaticSelectElement.option_groups_max_length),
    (limits.OVERFLOW_OPTIONS, sdk.OverflowMenuElement.options_max_length),
    (limits.PLACEHOLDER, inner.InputInteractiveElement.placeholder_max_length),
    (limits.CONFIRM_TITLE, sdk.ConfirmObject.title_max_length),
    (limits.CONFIRM_TEXT, sdk.ConfirmObject.text_max_length),
    (limits.CONFIRM_BUTTON, sdk.ConfirmObject.confirm_max_length),
    (limits.IDENTIFIER, sdk.Block.block_id_max_length),
    (limits.PRIVATE_METADATA, View.private_metadata_max_length),
    (limits.IDENTIFIER, View.callback_id_max_length),
    (limits.VIEW_BLOCKS, View.blocks_max_length),
    (limits.VIEW_TITLE, View.title_max_length),
    (limits.VIEW_BUTTON, View.submit_max_length),
]


@for_each(("ours", "theirs"), SAME)
def test_limits_are_the_sdk_s(ours: int, theirs: int) -> None:
    assert ours == theirs
