package org.atelier.common.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.atelier.common.client.EventStream.ServerEvent;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private static List<ServerEvent> read(String text) throws IOException {
        var events = new ArrayList<ServerEvent>();
        try (var stream = new EventStream(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))) {
            for (var event = stream.next(); event.isPresent(); event = stream.next()) {
                events.add(event.get());
            }
        }
        return events;
    }

    @Test
    void fieldsMakeAnEvent() throws IOException {
        assertThat(read("id: 4\nevent: run.ended\ndata: {\"a\":1}\n\n"))
                .containsExactly(new ServerEvent("4", "run.ended", "{\"a\":1}"));
    }

    @Test
    void spaceAfterTheColonIsOptionalAndLineEndsMayBeWindows() throws IOException {
        assertThat(read("event:x\r\ndata:  y\r\n\r\n")).containsExactly(new ServerEvent(null, "x", " y"));
    }

    @Test
    void severalDataLinesAreOneText() throws IOException {
        assertThat(read("data: a\ndata\ndata: b\n\n")).containsExactly(new ServerEvent(null, "message", "a\n\nb"));
    }

    @Test
    void commentsAndUnknownFieldsAreIgnored() throws IOException {
        assertThat(read(": still here\n\nretry: 5\n\ndata: x\n\n"))
                .containsExactly(new ServerEvent(null, "message", "x"));
    }

    @Test
    void idStaysUntilTheNext() throws IOException {
        assertThat(read("id: 1\ndata: a\n\ndata: b\n\nid: 2\ndata: c\n\n")).extracting(ServerEvent::id)
                .containsExactly("1", "1", "2");
    }

    @Test
    void eventNameIsForOneEvent() throws IOException {
        assertThat(read("event: x\n\ndata: b\n\n")).containsExactly(new ServerEvent(null, "message", "b"));
    }

    @Test
    void unfinishedEventIsDropped() throws IOException {
        assertThat(read("data: whole\n\ndata: ha")).hasSize(1);
    }
}
