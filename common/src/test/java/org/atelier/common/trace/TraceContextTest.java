package org.atelier.common.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.atelier.common.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";

    @Test
    void saysWhichSpanOfWhichTrace() {
        var context = TraceContext.parse(" " + PARENT + " ", "a=1,b=2").orElseThrow();

        assertThat(context).isEqualTo(new TraceContext(PARENT, "a=1,b=2"));
        assertThat(context.traceId()).isEqualTo(TRACE);
        assertThat(context.spanId()).isEqualTo(SPAN);
        assertThat(context.isSampled()).isTrue();
        assertThat(TraceContext.of(TRACE, SPAN, false).orElseThrow().isSampled()).isFalse();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "nonsense", "00-" + TRACE + "-" + SPAN, "ff-" + TRACE + "-" + SPAN + "-01",
            "00-" + TRACE + "-" + SPAN + "-01-more", "00-00000000000000000000000000000000-" + SPAN + "-01",
            "00-" + TRACE + "-0000000000000000-01", "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01",
            "00-" + TRACE + "-" + SPAN + "-0g"})
    void whatIsMalformedIsAsGoodAsNone(String traceparent) {
        assertThat(TraceContext.parse(traceparent, "a=1")).isEmpty();
    }

    @Test
    void ofALaterVersionWhatThisOneKnowsIsRead() {
        assertThat(TraceContext.parse("01-" + TRACE + "-" + SPAN + "-ff-more", null)).contains(new TraceContext(PARENT,
                null));
    }

    @Test
    void aStateThatCannotBePassedOnIsLeftOut() {
        assertThat(TraceContext.parse(PARENT, "a=" + "x".repeat(511)).orElseThrow().tracestate()).isNull();
        assertThat(TraceContext.parse(PARENT, "a=\n").orElseThrow().tracestate()).isEqualTo("a=");
        assertThat(TraceContext.parse(PARENT, "a=\u00e9").orElseThrow().tracestate()).isNull();
        assertThat(TraceContext.parse(PARENT, " ").orElseThrow().tracestate()).isNull();
    }

    @Test
    void noSpanOfALibraryIsNone() {
        assertThat(TraceContext.of("0".repeat(32), "0".repeat(16), false)).isEmpty();
    }

    @Test
    void isStoredAsItsTwoHeaders() {
        var context = new TraceContext(PARENT, "a=1");

        assertThat(Json.text(context)).isEqualTo("{\"traceparent\":\"" + PARENT + "\",\"tracestate\":\"a=1\"}");
        assertThat(Json.read(Json.bytes(context), TraceContext.class)).isEqualTo(context);
        assertThat(context.headers()).containsEntry("traceparent", PARENT).containsEntry("tracestate", "a=1");
        assertThatIllegalArgumentException().isThrownBy(() -> new TraceContext("01-" + TRACE + "-" + SPAN + "-01",
                null));
    }
}
