// A button whose deed is asked about before it is done.

import type { ReactNode } from "react";
import { Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Button, type ButtonProps } from "./button.tsx";

export interface ConfirmProps {
  /** On the button, and on the one that does it. */
  readonly label: string;
  readonly look?: NonNullable<ButtonProps["look"]>;
  readonly isDisabled?: boolean;
  readonly question: string;
  /** What comes of it. */
  readonly children: ReactNode;
  readonly onConfirm: () => void;
}

export function Confirm({ label, look = "quiet", isDisabled = false, question, children, onConfirm }: ConfirmProps): ReactNode {
  return (
    <DialogTrigger>
      <Button look={look} isDisabled={isDisabled}>
        {label}
      </Button>
      <ModalOverlay className="overlay" isDismissable>
        <Modal className="modal">
          <Dialog role="alertdialog" className="dialog">
            {({ close }) => (
              <>
                <Heading slot="title">{question}</Heading>
                {children}
                <div className="dialog-buttons">
                  <Button onPress={close}>Leave it</Button>
                  <Button
                    look={look === "danger" ? "danger" : "primary"}
                    onPress={() => {
                      close();
                      onConfirm();
                    }}
                  >
                    {label}
                  </Button>
                </div>
              </>
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}
