package org.atelier.common.config;

import java.util.List;

/** The environment does not describe a process that can run. The message lists everything that is wrong, not the first. */
public final class InvalidSettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidSettingException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
    }
}
