package org.atelier.common.log;

import java.nio.charset.StandardCharsets;

import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** An object a line, without secrets. Named in {@code logback.xml}. */
public final class MaskedJsonEncoder extends JsonEncoder {
    @Override
    public byte[] encode(ILoggingEvent event) {
        return LogSecrets.mask(getContext()).mask(new String(super.encode(event), StandardCharsets.UTF_8)).getBytes(
                StandardCharsets.UTF_8);
    }
}
